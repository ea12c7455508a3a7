package io.patella.statistics.evaluation;

import io.patella.statistics.metrics.Metric;
import java.io.Serializable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which scalar figure.
 *
 * @param metric the word in tables and JSON, such as {@code roc_auc_macro} or, of a single grade, {@code recall}
 * @param grade the grade it is of; null when it is of all
 */
public record FigureName(String metric, @Nullable Integer grade) implements Serializable {
    private static final Set<String> LOSSES = Set.of(Metric.MAE.word(), "brier", "ece_15", "log_loss", "rps");

    /** A figure of all grades. */
    public static FigureName of(String metric) {
        return new FigureName(metric, null);
    }

    /** One of the four metrics. */
    public static FigureName of(Metric metric) {
        return of(metric.word());
    }

    /** As in notes: {@code roc_auc_macro}, {@code recall of grade 3}. */
    public String title() {
        return grade == null ? metric : metric + " of grade " + grade;
    }

    /** Whether a larger value is the better one: not so for MAE, Brier score, ECE, log loss and RPS. */
    public boolean isLargerBetter() {
        return !LOSSES.contains(metric);
    }
}
