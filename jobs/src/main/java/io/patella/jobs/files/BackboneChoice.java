package io.patella.jobs.files;

import io.patella.engine.Program;
import io.patella.engine.Value;
import io.patella.network.architecture.Architecture;
import io.patella.network.architecture.Layers;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A backbone with its classifier.
 *
 * @param name for messages
 * @param architecture the network
 * @param classifier what decides the number of classes
 */
record BackboneChoice(String name, Architecture architecture, Classifier classifier) implements NetworkChoice {
    private static final int MOST_CLASSES = 1 << 20;

    /** Where the number of classes comes from. */
    enum Classifier {
        /** From the file of weights: none when it has no classifier, else as many as its classifier has. */
        AS_IN_THE_WEIGHTS,
        /** From the constructor's arguments. */
        AS_CONFIGURED
    }

    @Override
    public ProgramModule network(Map<String, Tensor> weights) {
        if (classifier == Classifier.AS_CONFIGURED) {
            return architecture.network(Layers.plain());
        }
        ProgramModule without = architecture.withClasses(0).network(Layers.plain());
        Set<String> head =
                architecture.withClasses(1).network(Layers.plain()).tensors().keySet();
        head.removeAll(without.tensors().keySet());
        for (String name : head) {
            Tensor tensor = weights.get(name);
            if (tensor != null && tensor.shape().length > 0 && tensor.shape()[0] > 0) {
                int classes = (int) Math.min(tensor.shape()[0], MOST_CLASSES);
                return architecture.withClasses(classes).network(Layers.plain());
            }
        }
        return without;
    }

    @Override
    public List<String> inputs() {
        return List.of("input");
    }

    @Override
    public int multiple(String input) {
        return architecture.shape() == Architecture.Shape.TOKENS ? architecture.stride() : 1;
    }

    /** {@code forward_features}, {@code pooled} and {@code forward}. */
    @Override
    public Map<String, Tensor> forward(Program program, Map<String, Tensor> inputs) {
        Value picture = Value.of(Objects.requireNonNull(inputs.get("input")));
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        Tensor features = program.call("forward_features", picture).asTensor();
        outputs.put("forward_features", features);
        outputs.put("pooled", program.call("pooled", Value.of(features)).asTensor());
        outputs.put("forward", program.call("forward", picture).asTensor());
        return outputs;
    }
}
