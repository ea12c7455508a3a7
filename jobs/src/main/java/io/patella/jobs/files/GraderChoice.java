package io.patella.jobs.files;

import io.patella.engine.Program;
import io.patella.engine.Value;
import io.patella.network.architecture.Architecture;
import io.patella.network.architecture.Layers;
import io.patella.network.grader.Backbone;
import io.patella.network.grader.Grader;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A grader: KL-FuseNet or one of those that it is compared with.
 *
 * @param grader its configuration
 */
record GraderChoice(Grader grader) implements NetworkChoice {
    @Override
    public String name() {
        return grader.name();
    }

    @Override
    public ProgramModule network(Map<String, Tensor> weights) {
        return grader.program(Layers.plain());
    }

    @Override
    public List<String> inputs() {
        return grader.views();
    }

    @Override
    public int multiple(String view) {
        Backbone backbone = Objects.requireNonNull(view.equals("global") ? grader.global() : grader.patches());
        Architecture architecture = backbone.architecture();
        return architecture.shape() == Architecture.Shape.TOKENS ? architecture.stride() : 1;
    }

    /** The pooled streams ({@code gem_global} ...), {@code fused}, and the logits of each head by its name. */
    @Override
    public Map<String, Tensor> forward(Program program, Map<String, Tensor> inputs) {
        Value views = Value.list(inputs().stream().map(inputs::get).toArray(Tensor[]::new));
        Map<String, Tensor> outputs = new TreeMap<>();
        program.call("intermediate", views).asMap().forEach((name, value) -> {
            if (!name.startsWith("features_")) {
                outputs.put(name, value.asTensor());
            }
        });
        return outputs;
    }
}
