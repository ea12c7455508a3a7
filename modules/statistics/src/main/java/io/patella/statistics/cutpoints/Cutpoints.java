package io.patella.statistics.cutpoints;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import java.util.List;

/**
 * Thresholds of the ordinal head: 0.30 <= c0 <= c1 <= c2 <= c3 <= 0.70 (paper, section 2.7). The grade is the number of k
 * with p(y > k) > c_k.
 */
public record Cutpoints(double c0, double c1, double c2, double c3) {
    /** Smallest allowed cutpoint. */
    public static final double SMALLEST = 0.30;

    /** Largest allowed cutpoint. */
    public static final double LARGEST = 0.70;

    /** 0.50 throughout: where nothing was tuned. */
    public static final Cutpoints HALF = new Cutpoints(0.5, 0.5, 0.5, 0.5);

    public Cutpoints {
        if (!(SMALLEST <= c0 && c0 <= c1 && c1 <= c2 && c2 <= c3 && c3 <= LARGEST)) {
            throw new InputException(
                    "cutpoints",
                    "must not fall and must lie in 0.30..0.70",
                    List.of(c0, c1, c2, c3),
                    "run: patella tune-cutpoints --predictions F.csv");
        }
    }

    /** From an array of four. */
    public static Cutpoints of(double[] values) {
        if (values.length != Grade.THRESHOLDS) {
            throw new InputException("cutpoints", "not four", values.length, "give c0, c1, c2, c3");
        }
        return new Cutpoints(values[0], values[1], values[2], values[3]);
    }

    /** The four as an array. */
    public double[] toArray() {
        return new double[] {c0, c1, c2, c3};
    }

    /** The four as a list. */
    public List<Double> toList() {
        return List.of(c0, c1, c2, c3);
    }

    /** The grade of ordinal probabilities p(y > k), k = 0..3: how many exceed their cutpoint. */
    public int decode(double p0, double p1, double p2, double p3) {
        return (p0 > c0 ? 1 : 0) + (p1 > c1 ? 1 : 0) + (p2 > c2 ? 1 : 0) + (p3 > c3 ? 1 : 0);
    }

    /** The grade of four ordinal probabilities. */
    public int decode(double[] ordinal) {
        return decode(ordinal[0], ordinal[1], ordinal[2], ordinal[3]);
    }
}
