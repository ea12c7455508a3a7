package io.patella.network.training;

import io.patella.network.grader.Head;
import io.patella.network.grader.Scale;
import java.util.List;

/**
 * What training minimises (KL-FuseNet paper, section 2.4): lambda_ordinal L_ord + lambda_distribution L_ld + lambda_binary L_bin, and
 * cross-entropy for graders with a class head.
 *
 * @param ordinal weight of L_ord, binary cross-entropy of p(y > k)
 * @param distribution weight of L_ld, KL(target || softmax) against a Gaussian around the reference
 * @param binary weight of L_bin, binary cross-entropy of KL >= 2
 * @param classes weight of the cross-entropy of the class head
 * @param firstThreshold factor of the terms of threshold 0 in L_ord
 * @param lastThreshold factor of the terms of the last threshold
 * @param sigma width of the Gaussian, in grades
 * @param smoothing label smoothing of the cross-entropy
 * @param classWeights factor of each class in the cross-entropy, divided by its sum over the batch; empty for none
 */
public record Losses(
        double ordinal,
        double distribution,
        double binary,
        double classes,
        double firstThreshold,
        double lastThreshold,
        double sigma,
        double smoothing,
        List<Double> classWeights) {
    /** The paper's settings. */
    public static final Losses PAPER = new Losses(1, 1, 1, 1, 1, 1, 1, 0, List.of());

    /** Copies the list and checks the ranges. */
    public Losses {
        classWeights = List.copyOf(classWeights);
        if (!(sigma > 0) || !(smoothing >= 0 && smoothing <= 1)) {
            throw new io.patella.cohort.InputException(
                    "losses",
                    "sigma must be above 0, smoothing in [0, 1]",
                    sigma + ", " + smoothing,
                    "1 and 0 in the paper");
        }
    }

    /** The factor of a head's loss in the total. */
    double weight(Head head) {
        return switch (head) {
            case ORDINAL -> ordinal;
            case DISTRIBUTION -> distribution;
            case BINARY -> binary;
            case CLASSES -> classes;
        };
    }

    /**
     * What a head should say for each KL grade: five rows, one for each grade 0..4. Ordinal: 1[y > k] (the printed I(y > k-1) would make
     * threshold 0 constant; the text's reading is meant).
     */
    public float[][] targets(Head head, Scale scale) {
        float[][] rows = new float[5][];
        for (int grade = 0; grade < 5; grade++) {
            rows[grade] = row(head, scale, grade);
        }
        return rows;
    }

    private float[] row(Head head, Scale scale, int grade) {
        int y = scale.classOf(grade);
        int n = head.outputs(scale);
        double[] row = new double[n];
        switch (head) {
            case ORDINAL -> {
                for (int k = 0; k < n; k++) {
                    row[k] = y > k ? 1 : 0;
                }
            }
            case DISTRIBUTION -> {
                double sum = 0;
                for (int c = 0; c < n; c++) {
                    row[c] = Math.exp(-(c - y) * (double) (c - y) / (2 * sigma * sigma));
                    sum += row[c];
                }
                for (int c = 0; c < n; c++) {
                    row[c] /= sum;
                }
            }
            case BINARY -> row[0] = grade >= 2 ? 1 : 0;
            case CLASSES -> {
                for (int c = 0; c < n; c++) {
                    row[c] = smoothing / n + (c == y ? 1 - smoothing : 0);
                }
            }
        }
        float[] rounded = new float[n];
        for (int i = 0; i < n; i++) {
            rounded[i] = (float) row[i];
        }
        return rounded;
    }
}
