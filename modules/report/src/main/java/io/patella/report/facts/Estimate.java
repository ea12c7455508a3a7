package io.patella.report.facts;

import org.jspecify.annotations.Nullable;

/**
 * A figure with its interval.
 *
 * @param value the estimate; null where it is undefined
 * @param lower lower bound of the interval; null where there is none
 * @param upper upper bound of the interval; null where there is none
 */
public record Estimate(
        @Nullable Double value,
        @Nullable Double lower,
        @Nullable Double upper) implements Value {
    public Estimate {
        if (infinite(value) || infinite(lower) || infinite(upper)) {
            throw new IllegalArgumentException(
                    "a figure must be finite or null for undefined: " + value + " [" + lower + ", " + upper + "]");
        }
    }

    /** A figure without an interval. */
    public static Estimate of(double value) {
        return new Estimate(value, null, null);
    }

    /** A figure that the data do not define. */
    public static Estimate undefined() {
        return new Estimate(null, null, null);
    }

    /** Whether both bounds are known. */
    public boolean hasInterval() {
        return lower != null && upper != null;
    }

    private static boolean infinite(@Nullable Double figure) {
        return figure != null && !Double.isFinite(figure);
    }
}
