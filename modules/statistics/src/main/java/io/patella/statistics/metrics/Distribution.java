package io.patella.statistics.metrics;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;

/**
 * Probabilities of the five grades, each in 0..1, sum 1 within {@link #SUM_TOLERANCE}.
 */
public record Distribution(double p0, double p1, double p2, double p3, double p4) {
    /** How far from 1 the sum may lie. */
    public static final double SUM_TOLERANCE = 1e-3;

    public Distribution {
        for (double p : new double[] {p0, p1, p2, p3, p4}) {
            if (!(p >= 0 && p <= 1)) {
                throw new InputException(
                        "p0..p4", "probability outside 0..1", p, "give five probabilities that sum to 1");
            }
        }
        double sum = p0 + p1 + p2 + p3 + p4;
        if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
            throw new InputException(
                    "p0..p4", "probabilities do not sum to 1", sum, "give five probabilities that sum to 1");
        }
    }

    /** From an array of five. */
    public static Distribution of(double[] p) {
        if (p.length != Grade.COUNT) {
            throw new InputException(
                    "p0..p4", "not five probabilities", p.length, "give five probabilities that sum to 1");
        }
        return new Distribution(p[0], p[1], p[2], p[3], p[4]);
    }

    /** The five as an array. */
    public double[] toArray() {
        return new double[] {p0, p1, p2, p3, p4};
    }

    /** Probability of KL >= 2, summed in the order (p2 + p3) + p4. */
    public double klGe2() {
        return p2 + p3 + p4;
    }

    /** The most probable grade; the lowest of equals. */
    public int mostProbable() {
        double[] p = toArray();
        int best = 0;
        for (int k = 1; k < p.length; k++) {
            best = p[k] > p[best] ? k : best;
        }
        return best;
    }
}
