package io.patella.statistics.calibration;

import static io.patella.statistics.metrics.ImageWeights.LANES;

import io.patella.cohort.Grade;
import io.patella.statistics.metrics.ImageWeights;
import java.io.Serializable;

/**
 * The scores of {@link CalibrationScores} when each image counts so many times: what an image adds is computed once, then
 * several sets of weights are one pass. Made for resampling; thread-safe.
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
     * Brier score, expected calibration error, log loss, ranked probability score in each resample.
     *
     * @param weights in no resample 0 for all
     * @return {@code [resamples][4]}
     */
    public double[][] scores(ImageWeights weights) {
        double[] times = weights.times();
        double[] images = new double[LANES];
        double[] sumBrier = new double[LANES];
        double[] sumLogLoss = new double[LANES];
        double[] sumRps = new double[LANES];
        double[] confident = new double[CalibrationScores.BINS * LANES];
        double[] hits = new double[CalibrationScores.BINS * LANES];
        for (int i = 0; i < brier.length; i++) {
            int first = i * LANES;
            int ofBin = bin[i] * LANES;
            double hit = right[i] ? 1 : 0;
            for (int lane = 0; lane < LANES; lane++) {
                double each = times[first + lane];
                images[lane] += each;
                sumBrier[lane] += each * brier[i];
                sumLogLoss[lane] += each * logLoss[i];
                sumRps[lane] += each * rps[i];
                confident[ofBin + lane] += each * confidence[i];
                hits[ofBin + lane] += each * hit;
            }
        }
        double[][] scores = new double[weights.resamples()][];
        for (int lane = 0; lane < scores.length; lane++) {
            double calibrationError = 0;
            for (int b = 0; b < CalibrationScores.BINS; b++) {
                // share of the bin's images times |observed - confidence|: the bin's count cancels
                calibrationError += Math.abs(hits[b * LANES + lane] - confident[b * LANES + lane]) / images[lane];
            }
            scores[lane] = new double[] {
                sumBrier[lane] / images[lane],
                calibrationError,
                sumLogLoss[lane] / images[lane],
                sumRps[lane] / images[lane]
            };
        }
        return scores;
    }
}
