package io.patella.network.architecture;

import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;

/** The ends of whole networks. */
final class Heads {
    private Heads() {}

    /** Adds {@code forward}: features, pooled, then a linear layer of that name, or nothing where there are no classes. */
    static ProgramModule classifier(Layers layers, ProgramModule module, String name, int features, int classes) {
        String logits = "self.pooled(self.forward_features(x))"; // [N,features]
        if (classes > 0) {
            Initial initial = Initial.uniform(1 / Math.sqrt(features));
            Layers.place(module, name, Layers.plain().linear(features, classes, initial));
            logits = ProgramModule.access(name) + ".forward(" + logits + ")"; // [N,classes]
        }
        return module.method("forward(x: Tensor) -> Tensor", "return " + logits);
    }
}
