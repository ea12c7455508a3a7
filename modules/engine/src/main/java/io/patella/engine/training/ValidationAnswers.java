package io.patella.engine.training;

import io.patella.engine.Decoding;
import io.patella.engine.Prediction;
import io.patella.network.weights.Tensor;
import io.patella.statistics.cutpoints.CutpointSearch;
import io.patella.statistics.cutpoints.ThresholdCentre;
import io.patella.statistics.cutpoints.TunedCutpoints;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a network says to the validation part, with the preparation's test-time views, and what is chosen by it.
 *
 * @param examples of the validation part
 * @param answers one for each, in the same order; their grades are not looked at
 */
public record ValidationAnswers(List<Example> examples, List<Prediction> answers) {
    /** Name of the ordinal head's biases within a grader. */
    public static final String ORDINAL_BIAS = "head_ordinal.bias";

    public ValidationAnswers {
        examples = List.copyOf(examples);
        answers = List.copyOf(answers);
        if (examples.size() != answers.size()) {
            throw new IllegalArgumentException(examples.size() + " examples, " + answers.size() + " answers");
        }
    }

    /** The answer to an image. */
    public Prediction of(String imageId) {
        for (int i = 0; i < examples.size(); i++) {
            if (examples.get(i).imageId().equals(imageId)) {
                return answers.get(i);
            }
        }
        throw new IllegalArgumentException("no image of the validation part: " + imageId);
    }

    /** Cutpoints tuned on these answers; null without an ordinal head or without answers. */
    public @Nullable TunedCutpoints cutpoints() {
        if (answers.isEmpty() || answers.get(0).ordinal() == null) {
            return null;
        }
        return CutpointSearch.exact(ordinal(), reference());
    }

    /**
     * Weights with the biases of ordinal heads moved so that 0.50 is where these answers would cut each threshold. The heads of an
     * ensemble, whose logits are averaged, all move alike.
     *
     * @param weights of the network that gave these answers
     * @param biases names of the tensors [4] to move
     */
    public Map<String, Tensor> centred(Map<String, Tensor> weights, Collection<String> biases) {
        List<Double> centre = ThresholdCentre.of(ordinal(), reference());
        Map<String, Tensor> moved = new LinkedHashMap<>(weights);
        for (String name : biases) {
            moved.computeIfPresent(name, (same, bias) -> {
                float[] values = bias.toFloats();
                for (int k = 0; k < values.length; k++) {
                    values[k] -= (float) Math.log(centre.get(k) / (1 - centre.get(k)));
                }
                return Tensor.of(values, values.length);
            });
        }
        return moved;
    }

    private double[][] ordinal() {
        return answers.stream()
                .map(each -> {
                    List<Double> said = each.ordinal();
                    if (said == null) {
                        throw new IllegalStateException("no ordinal head");
                    }
                    return said.stream().mapToDouble(p -> p).toArray();
                })
                .toArray(double[][]::new);
    }

    private int[] reference() {
        return Decoding.merged(
                answers.get(0).scale(),
                examples.stream().mapToInt(Example::grade).toArray());
    }
}
