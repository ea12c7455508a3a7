package io.patella.statistics.comparison;

import io.patella.statistics.Interval;
import io.patella.statistics.evaluation.FigureName;
import org.jspecify.annotations.Nullable;

/**
 * First grader minus second in one figure.
 *
 * @param name which figure
 * @param interval the difference with its paired patient-level bootstrap interval
 * @param nonInferiority the verdict on a margin; null when none was asked for
 */
public record Difference(
        FigureName name, Interval interval, @Nullable NonInferiority nonInferiority) {
    /** This difference judged by {@code margin}. Where less is better, as for MAE, the signs turn. */
    public Difference judged(double margin) {
        return new Difference(name, interval, new NonInferiority(margin, verdict(margin)));
    }

    private NonInferiority.Verdict verdict(double margin) {
        if (!interval.lower().isDefined() || !interval.upper().isDefined()) {
            return NonInferiority.Verdict.UNDEFINED;
        }
        double lower = interval.lower().orElse(0);
        double upper = interval.upper().orElse(0);
        double worst = name.isLargerBetter() ? lower : -upper;
        double best = name.isLargerBetter() ? upper : -lower;
        if (worst > 0) {
            return NonInferiority.Verdict.SUPERIOR;
        }
        if (worst > -margin) {
            return NonInferiority.Verdict.NON_INFERIOR;
        }
        return best < -margin ? NonInferiority.Verdict.INFERIOR : NonInferiority.Verdict.INCONCLUSIVE;
    }
}
