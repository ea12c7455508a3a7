package io.patella.statistics.calibration;

import io.patella.cohort.Grade;
import java.io.Serializable;

/**
 * The scores of {@link CalibrationScores} when each image counts so many times: what an image adds is computed once, then
 * every set of weights is one pass. Made for resampling; thread-safe.
 */
public final class WeightedCalibration implements Serializable {
    private final double[] brier;
    private final double[] logLoss;
    private final double[] rps;
    private final int[] bin;
    private final double[] confidence;
    private final boolean[] right;

    private WeightedCalibration(
            double[] brier, double[] logLoss, double[] rps, int[] bin, double[] confidence, boolean[] right) {
        this.brier = brier;
        this.logLoss = logLoss;
        this.rps = rps;
        this.bin = bin;
        this.confidence = confidence;
        this.right = right;
    }

    /** Of {@code p[i][5]} beside reference grades. */
    public static WeightedCalibration of(double[][] p, int[] grades) {
        double[] brier = new double[p.length];
        double[] logLoss = new double[p.length];
        double[] rps = new double[p.length];
        int[] bin = new int[p.length];
        double[] confidence = new double[p.length];
        boolean[] right = new boolean[p.length];
        for (int i = 0; i < p.length; i++) {
            brier[i] = CalibrationScores.brier(p[i], grades[i]);
            logLoss[i] = CalibrationScores.logLoss(p[i], grades[i]);
            rps[i] = CalibrationScores.rps(p[i], grades[i]);
            int best = 0;
            for (int k = 1; k < Grade.COUNT; k++) {
                best = p[i][k] > p[i][best] ? k : best;
            }
            confidence[i] = p[i][best];
            right[i] = best == grades[i];
            bin[i] = Reliability.bin(confidence[i], CalibrationScores.BINS);
        }
        return new WeightedCalibration(brier, logLoss, rps, bin, confidence, right);
    }

    /**
     * Brier score, expected calibration error, log loss, ranked probability score.
     *
     * @param weight how often each image counts, not 0 for all
     */
    public double[] scores(int[] weight) {
        double sumBrier = 0;
        double sumLogLoss = 0;
        double sumRps = 0;
        long images = 0;
        double[] confident = new double[CalibrationScores.BINS];
        long[] hits = new long[CalibrationScores.BINS];
        for (int i = 0; i < weight.length; i++) {
            int times = weight[i];
            if (times != 0) {
                images += times;
                sumBrier += times * brier[i];
                sumLogLoss += times * logLoss[i];
                sumRps += times * rps[i];
                confident[bin[i]] += times * confidence[i];
                hits[bin[i]] += right[i] ? times : 0;
            }
        }
        double calibrationError = 0;
        for (int b = 0; b < CalibrationScores.BINS; b++) {
            // share of the bin's images times |observed - confidence|: the bin's count cancels
            calibrationError += Math.abs(hits[b] - confident[b]) / images;
        }
        return new double[] {sumBrier / images, calibrationError, sumLogLoss / images, sumRps / images};
    }
}
