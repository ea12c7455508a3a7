package io.patella.statistics.calibration;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;
import io.patella.statistics.curves.Curve;
import io.patella.statistics.metrics.Predictions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a table's probabilities can be believed.
 *
 * @param brier squared error summed over the grades, mean over images, 0..2
 * @param expectedCalibrationError of the most probable grade, 15 bins of equal width, 0..1
 * @param logLoss mean -log p of the reference grade, p clipped to [2^-52, 1 - 2^-52]
 * @param rps ranked probability score: sum over k = 0..3 of (P(Y <= k) - 1[y <= k])^2, mean over images, 0..4
 * @param klGe2Brier squared error of the probability of KL >= 2, mean over images, 0..1
 * @param curves reliability of the most probable grade ({@code any}) and of KL >= 2
 */
public record CalibrationScores(
        Figure brier,
        Figure expectedCalibrationError,
        Figure logLoss,
        Figure rps,
        Figure klGe2Brier,
        List<Curve> curves)
        implements Serializable {
    /** Bins of the expected calibration error. */
    public static final int BINS = 15;

    private static final int KL_GE_2_BINS = 10;
    private static final double SMALLEST = Math.ulp(1.0);

    public CalibrationScores {
        curves = List.copyOf(curves);
    }

    /** From a table of predictions; without probabilities undefined. */
    public static CalibrationScores of(Predictions predictions) {
        List<Curve> curves = new ArrayList<>();
        int[] grades = predictions.grades();
        Figure none = Figure.undefined("no probabilities p0..p4");
        Figure brier = none;
        Figure calibrationError = none;
        Figure logLoss = none;
        Figure rps = none;
        if (predictions.hasDistribution()) {
            double[][] p = predictions.distributions();
            Reliability reliability = mostProbable(p, grades);
            brier = Figure.of(brier(p, grades));
            calibrationError = Figure.of(reliability.expectedCalibrationError());
            logLoss = Figure.of(logLoss(p, grades));
            rps = Figure.of(rps(p, grades));
            curves.add(reliability.curve("any"));
        }
        Figure klGe2Brier = Figure.undefined("no probability of KL >= 2");
        if (predictions.hasKlGe2()) {
            double[] p = predictions.klGe2();
            boolean[] positive = new boolean[p.length];
            double sum = 0;
            for (int i = 0; i < p.length; i++) {
                positive[i] = grades[i] >= Grade.OSTEOARTHRITIS;
                double error = p[i] - (positive[i] ? 1 : 0);
                sum += error * error;
            }
            klGe2Brier = Figure.of(sum / p.length);
            curves.add(Reliability.of(p, positive, KL_GE_2_BINS).curve("kl_ge_2"));
        }
        return new CalibrationScores(brier, calibrationError, logLoss, rps, klGe2Brier, curves);
    }

    /** The reliability diagram of the most probable grade. */
    static Reliability mostProbable(double[][] p, int[] grades) {
        double[] confidence = new double[p.length];
        boolean[] right = new boolean[p.length];
        for (int i = 0; i < p.length; i++) {
            int best = 0;
            for (int k = 1; k < Grade.COUNT; k++) {
                best = p[i][k] > p[i][best] ? k : best;
            }
            confidence[i] = p[i][best];
            right[i] = best == grades[i];
        }
        return Reliability.of(confidence, right, BINS);
    }

    private static double brier(double[][] p, int[] grades) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += brier(p[i], grades[i]);
        }
        return sum / p.length;
    }

    /** What one image adds. */
    static double brier(double[] p, int grade) {
        double sum = 0;
        for (int k = 0; k < Grade.COUNT; k++) {
            double error = p[k] - (k == grade ? 1 : 0);
            sum += error * error;
        }
        return sum;
    }

    /** Mean -log of the reference grade's probability. */
    static double logLoss(double[][] p, int[] grades) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += logLoss(p[i], grades[i]);
        }
        return sum / p.length;
    }

    /** What one image adds. */
    static double logLoss(double[] p, int grade) {
        return -StrictMath.log(Math.min(1 - SMALLEST, Math.max(SMALLEST, p[grade])));
    }

    private static double rps(double[][] p, int[] grades) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += rps(p[i], grades[i]);
        }
        return sum / p.length;
    }

    /** What one image adds. */
    static double rps(double[] p, int grade) {
        double sum = 0;
        double atMost = 0;
        for (int k = 0; k < Grade.THRESHOLDS; k++) {
            atMost += p[k];
            double error = atMost - (grade <= k ? 1 : 0);
            sum += error * error;
        }
        return sum;
    }
}
