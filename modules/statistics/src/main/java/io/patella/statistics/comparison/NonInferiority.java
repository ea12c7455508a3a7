package io.patella.statistics.comparison;

/**
 * Whether the first grader is at most {@code margin} worse than the second, judged by the interval of the difference.
 *
 * @param margin how much worse is still acceptable, in units of the metric, above 0
 * @param verdict what the interval says
 */
public record NonInferiority(double margin, Verdict verdict) {
    /** What an interval says about a margin. */
    public enum Verdict {
        /** The whole interval is better than 0. */
        SUPERIOR,
        /** The whole interval is better than -margin. */
        NON_INFERIOR,
        /** The whole interval is worse than -margin. */
        INFERIOR,
        /** The interval holds -margin. */
        INCONCLUSIVE,
        /** There is no interval. */
        UNDEFINED
    }
}
