package io.patella.engine;

import io.patella.network.grader.Scale;
import io.patella.network.weights.Tensor;
import io.patella.statistics.cutpoints.Cutpoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From averaged probabilities to a grade (paper, section 2.7): the number of k with p(y > k) > c_k; without an ordinal head the most
 * probable grade, the lower one of equals.
 *
 * @param scale the grades there are
 * @param cutpoints c_0..c_3; on the merged scale c_1..c_3 are used
 */
public record Decoding(Scale scale, Cutpoints cutpoints) {
    /**
     * The answers of a program, row by row.
     *
     * @param ordinal [N,4], [N,3] on the merged scale, [N,0] without such a head
     * @param distribution [N,5] or [N,4]
     * @param binary [N,1], or [N,0] without such a head
     */
    public List<Prediction> predictions(Tensor ordinal, Tensor distribution, Tensor binary) {
        double[][] thresholds = rows(ordinal);
        double[][] classes = rows(distribution);
        double[][] osteoarthritis = rows(binary);
        List<Prediction> all = new ArrayList<>(classes.length);
        for (int i = 0; i < classes.length; i++) {
            all.add(prediction(
                    thresholds[i].length == 0 ? null : thresholds[i],
                    classes[i],
                    osteoarthritis[i].length == 0 ? null : osteoarthritis[i][0]));
        }
        return all;
    }

    private Prediction prediction(double @Nullable [] thresholds, double[] classes, @Nullable Double binary) {
        double[] ordinal = thresholds == null ? null : five(thresholds);
        double[] distribution = new double[5];
        for (int i = 0; i < classes.length; i++) {
            distribution[scale.grades().get(i)] = classes[i];
        }
        return new Prediction(
                ordinal == null ? null : list(ordinal),
                list(distribution),
                binary,
                distribution[2] + distribution[3] + distribution[4],
                grade(ordinal, distribution),
                scale,
                null,
                null);
    }

    /** Three thresholds as four: with KL 0 and 1 merged, y > 0 and y > 1 are the same question. */
    private static double[] five(double[] thresholds) {
        return thresholds.length == 4
                ? thresholds
                : new double[] {thresholds[0], thresholds[0], thresholds[1], thresholds[2]};
    }

    /** The grade of four ordinal probabilities, or of the distribution where they are null. */
    public int grade(double @Nullable [] ordinal, double[] distribution) {
        if (ordinal == null) {
            int best = 0;
            for (int i = 1; i < distribution.length; i++) {
                if (distribution[i] > distribution[best]) {
                    best = i;
                }
            }
            return best;
        }
        if (scale == Scale.FIVE) {
            return cutpoints.decode(ordinal);
        }
        double[] c = cutpoints.toArray();
        int passed = 0;
        for (int k = 1; k < 4; k++) {
            passed += ordinal[k] > c[k] ? 1 : 0;
        }
        return scale.grades().get(passed);
    }

    /** Reference grades on a scale: KL 1 becomes 0 where they are one. */
    public static int[] merged(Scale scale, int[] grades) {
        return Arrays.stream(grades)
                .map(grade -> scale.grades().get(scale.classOf(grade)))
                .toArray();
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static double[][] rows(Tensor tensor) {
        float[] values = tensor.toFloats();
        int n = (int) tensor.shape()[0];
        int width = n == 0 ? 0 : values.length / n;
        double[][] rows = new double[n][width];
        for (int i = 0; i < values.length; i++) {
            rows[i / width][i % width] = values[i];
        }
        return rows;
    }
}
