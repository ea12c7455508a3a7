package io.patella.statistics.evaluation;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Which scalar figure.
 *
 * @param metric the word in tables and JSON, such as {@code roc_auc_macro} or, of a single grade, {@code recall}
 * @param grade the grade it is of; null when it is of all
 */
public record FigureName(String metric, @Nullable Integer grade) implements Serializable {
    static FigureName of(String metric) {
        return new FigureName(metric, null);
    }

    /** As in notes: {@code roc_auc_macro}, {@code recall of grade 3}. */
    public String title() {
        return grade == null ? metric : metric + " of grade " + grade;
    }
}
