package io.patella.statistics.comparison;

import io.patella.statistics.Interval;
import io.patella.statistics.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * First grader minus second in one metric.
 *
 * @param metric which metric
 * @param interval the difference with its paired patient-level bootstrap interval
 * @param nonInferiority the verdict on a margin; null when none was asked for
 */
public record Difference(
        Metric metric, Interval interval, @Nullable NonInferiority nonInferiority) {
    /** This difference judged by {@code margin}. For MAE, where less is better, the signs turn. */
    public Difference judged(double margin) {
        return new Difference(metric, interval, new NonInferiority(margin, verdict(margin)));
    }

    private NonInferiority.Verdict verdict(double margin) {
        if (!interval.lower().isDefined() || !interval.upper().isDefined()) {
            return NonInferiority.Verdict.UNDEFINED;
        }
        double lower = interval.lower().orElse(0);
        double upper = interval.upper().orElse(0);
        double worst = metric.isLargerBetter() ? lower : -upper;
        double best = metric.isLargerBetter() ? upper : -lower;
        if (worst > 0) {
            return NonInferiority.Verdict.SUPERIOR;
        }
        if (worst > -margin) {
            return NonInferiority.Verdict.NON_INFERIOR;
        }
        return best < -margin ? NonInferiority.Verdict.INFERIOR : NonInferiority.Verdict.INCONCLUSIVE;
    }
}
