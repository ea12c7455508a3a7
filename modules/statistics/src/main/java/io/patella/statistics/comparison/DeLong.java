package io.patella.statistics.comparison;

import io.patella.statistics.Figure;
import java.util.Arrays;
import org.apache.commons.math3.special.Erf;

/**
 * DeLong's test of two correlated areas under the ROC curve (DeLong, DeLong, Clarke-Pearson 1988), by midranks (Sun and Xu
 * 2014) in n log n.
 *
 * @param firstAuc area of the first grader
 * @param secondAuc area of the second grader
 * @param standardError of the difference
 * @param z difference / standard error; undefined when that is 0
 * @param p two-sided
 */
public record DeLong(Figure firstAuc, Figure secondAuc, Figure standardError, Figure z, Figure p) {
    /** Undefined throughout, for one reason. */
    public static DeLong undefined(String reason) {
        Figure none = Figure.undefined(reason);
        return new DeLong(none, none, none, none, none);
    }

    /** Compares scores {@code first} and {@code second} of the same images with truth {@code positive}. */
    public static DeLong of(double[] first, double[] second, boolean[] positive) {
        int positives = 0;
        for (boolean each : positive) {
            positives += each ? 1 : 0;
        }
        int negatives = positive.length - positives;
        if (positives == 0 || negatives == 0) {
            return undefined(positives == 0 ? "no positive image" : "no negative image");
        }
        Placements a = Placements.of(first, positive, positives, negatives);
        Placements b = Placements.of(second, positive, positives, negatives);
        Figure firstAuc = Figure.of(a.auc);
        Figure secondAuc = Figure.of(b.auc);
        if (positives == 1 || negatives == 1) {
            Figure none = Figure.undefined("the variance needs at least two positive and two negative images");
            return new DeLong(firstAuc, secondAuc, none, none, none);
        }
        double variance =
                variance(a.ofPositives, b.ofPositives) / positives + variance(a.ofNegatives, b.ofNegatives) / negatives;
        double error = Math.sqrt(variance);
        if (error == 0) {
            Figure none = Figure.undefined("the variance of the difference is 0");
            return new DeLong(firstAuc, secondAuc, Figure.of(0), none, none);
        }
        double z = (a.auc - b.auc) / error;
        return new DeLong(
                firstAuc, secondAuc, Figure.of(error), Figure.of(z), Figure.of(Erf.erfc(Math.abs(z) / Math.sqrt(2))));
    }

    /** Variance of the differences a - b, n - 1 in the denominator. */
    private static double variance(double[] a, double[] b) {
        double mean = 0;
        for (int i = 0; i < a.length; i++) {
            mean += (a[i] - b[i]) / a.length;
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double deviation = a[i] - b[i] - mean;
            sum += deviation * deviation;
        }
        return sum / (a.length - 1);
    }

    /** For each positive the share of negatives below it, for each negative the share of positives above it; ties one half. */
    private static final class Placements {
        private final double auc;
        private final double[] ofPositives;
        private final double[] ofNegatives;

        private Placements(double auc, double[] ofPositives, double[] ofNegatives) {
            this.auc = auc;
            this.ofPositives = ofPositives;
            this.ofNegatives = ofNegatives;
        }

        static Placements of(double[] score, boolean[] positive, int positives, int negatives) {
            double[] yes = new double[positives];
            double[] no = new double[negatives];
            int y = 0;
            int n = 0;
            for (int i = 0; i < score.length; i++) {
                if (positive[i]) {
                    yes[y++] = score[i];
                } else {
                    no[n++] = score[i];
                }
            }
            double[] sortedYes = yes.clone();
            double[] sortedNo = no.clone();
            Arrays.sort(sortedYes);
            Arrays.sort(sortedNo);
            double[] ofPositives = new double[positives];
            double[] ofNegatives = new double[negatives];
            long twice = 0;
            for (int i = 0; i < positives; i++) {
                long below = twiceBelow(sortedNo, yes[i]);
                twice += below;
                ofPositives[i] = below / (2.0 * negatives);
            }
            for (int i = 0; i < negatives; i++) {
                ofNegatives[i] = 1 - twiceBelow(sortedYes, no[i]) / (2.0 * positives);
            }
            return new Placements(twice / (2.0 * positives * negatives), ofPositives, ofNegatives);
        }

        /** Twice the number of values below {@code value} plus the number equal to it. */
        private static long twiceBelow(double[] sorted, double value) {
            return (long) firstAtLeast(sorted, value) + firstAtLeast(sorted, Math.nextUp(value));
        }

        private static int firstAtLeast(double[] sorted, double value) {
            int low = 0;
            int high = sorted.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (sorted[middle] < value) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
