package io.patella.statistics.calibration;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;

/**
 * Temperature scaling (Guo et al. 2017): p_k is replaced by p_k^(1/T), normalised. Never changes which grade is the most
 * probable. Fit on validation, apply elsewhere.
 *
 * @param temperature T above 0; above 1 softens
 * @param logLossBefore on the table it was fitted on, with T = 1
 * @param logLossAfter on the same table
 */
public record Temperature(double temperature, double logLossBefore, double logLossAfter) {
    /** Log T is searched in -LARGEST..LARGEST. */
    private static final double LARGEST = StrictMath.log(100);

    private static final double SMALLEST_PROBABILITY = 0x1p-52;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    /**
     * The T with the smallest log loss on a table, to 1e-10 in log T. The loss is convex in 1/T, so it has one valley.
     *
     * @throws InputException without probabilities
     */
    public static Temperature fit(Predictions validation) {
        if (!validation.hasDistribution()) {
            throw new InputException("validation", "no probabilities", "p0..p4", "temperature scaling needs them");
        }
        double[][] logits = logits(validation.distributions());
        int[] grades = validation.grades();
        double low = -LARGEST;
        double high = LARGEST;
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double lossLeft = loss(logits, grades, left);
        double lossRight = loss(logits, grades, right);
        while (high - low > 1e-10) {
            if (lossLeft <= lossRight) {
                high = right;
                right = left;
                lossRight = lossLeft;
                left = high - GOLDEN * (high - low);
                lossLeft = loss(logits, grades, left);
            } else {
                low = left;
                left = right;
                lossLeft = lossRight;
                right = low + GOLDEN * (high - low);
                lossRight = loss(logits, grades, right);
            }
        }
        double best = (low + high) / 2;
        return new Temperature(StrictMath.exp(best), loss(logits, grades, 0), loss(logits, grades, best));
    }

    /** The scaled distribution. */
    public Distribution scale(Distribution distribution) {
        double[] logits = logits(new double[][] {distribution.toArray()})[0];
        double[] scaled = new double[Grade.COUNT];
        double normaliser = logSum(logits, 1 / temperature);
        for (int k = 0; k < Grade.COUNT; k++) {
            scaled[k] = Math.min(1, StrictMath.exp(logits[k] / temperature - normaliser));
        }
        return Distribution.of(scaled);
    }

    /** The table with scaled distributions; grades, predictions and the grader's own p(KL >= 2) stay. */
    public Predictions scaled(Predictions predictions) {
        return Predictions.of(predictions.rows().stream()
                .map(row -> new Prediction(
                        row.imageId(),
                        row.patientId(),
                        row.grade(),
                        row.predicted(),
                        row.distribution() == null ? null : scale(row.distribution()),
                        row.klGe2()))
                .toList());
    }

    private static double[][] logits(double[][] p) {
        double[][] logits = new double[p.length][Grade.COUNT];
        for (int i = 0; i < p.length; i++) {
            for (int k = 0; k < Grade.COUNT; k++) {
                logits[i][k] = StrictMath.log(Math.max(SMALLEST_PROBABILITY, p[i][k]));
            }
        }
        return logits;
    }

    private static double loss(double[][] logits, int[] grades, double logTemperature) {
        double inverse = StrictMath.exp(-logTemperature);
        double sum = 0;
        for (int i = 0; i < grades.length; i++) {
            sum += logSum(logits[i], inverse) - logits[i][grades[i]] * inverse;
        }
        return sum / grades.length;
    }

    /** log of the sum of exp(inverse x), without overflow. */
    private static double logSum(double[] logits, double inverse) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit * inverse);
        }
        double sum = 0;
        for (double logit : logits) {
            sum += StrictMath.exp(logit * inverse - largest);
        }
        return largest + StrictMath.log(sum);
    }
}
