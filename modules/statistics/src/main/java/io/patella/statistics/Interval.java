package io.patella.statistics;

import java.io.Serializable;

/**
 * A point estimate with its bootstrap interval.
 *
 * @param estimate the figure on the table itself
 * @param lower lower bound
 * @param upper upper bound
 * @param lowerError Monte-Carlo standard error of the lower bound: how far another seed would move it
 * @param upperError Monte-Carlo standard error of the upper bound
 * @param undefinedResamples resamples in which the figure was undefined; they are left out
 */
public record Interval(
        Figure estimate, Figure lower, Figure upper, Figure lowerError, Figure upperError, int undefinedResamples)
        implements Serializable {
    /** An estimate without bounds, for {@code reason}. */
    public static Interval unbounded(Figure estimate, String reason) {
        Figure none = Figure.undefined(reason);
        return new Interval(estimate, none, none, none, none, 0);
    }

    /** An interval none of whose parts is defined, all for one reason. */
    public static Interval undefined(String reason, int undefinedResamples) {
        Figure none = Figure.undefined(reason);
        return new Interval(none, none, none, none, none, undefinedResamples);
    }

    /** The interval of the figure with its sign changed. */
    public Interval negated() {
        return new Interval(
                negated(estimate), negated(upper), negated(lower), upperError, lowerError, undefinedResamples);
    }

    private static Figure negated(Figure figure) {
        // 0 - x and not -x: no negative zero
        return figure.isDefined() ? Figure.of(0 - figure.orElse(0)) : figure;
    }
}
