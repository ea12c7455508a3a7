package io.patella.statistics.evaluation;

import io.patella.cohort.Grade;
import io.patella.statistics.bootstrap.CountStatistic;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.GradeScores;
import io.patella.statistics.metrics.Metric;
import java.util.ArrayList;
import java.util.List;

/** Every scalar figure that follows from the 25 counts: the four metrics first, then adjacency and the single grades. */
final class CountedFigures {
    /** The figures behind the four metrics, in order. */
    static final List<FigureName> FURTHER = names();

    /** The four metrics and {@link #FURTHER}; NaN where undefined. */
    static final CountStatistic ALL = CountedFigures::of;

    private CountedFigures() {}

    private static List<FigureName> names() {
        List<FigureName> names = new ArrayList<>();
        names.add(FigureName.of("adjacent_accuracy"));
        names.add(FigureName.of("adjacent_error_share"));
        for (int grade = 0; grade < Grade.COUNT; grade++) {
            names.add(new FigureName("precision", grade));
            names.add(new FigureName("recall", grade));
            names.add(new FigureName("f1", grade));
        }
        return List.copyOf(names);
    }

    private static double[] of(int[] cells) {
        double[] four = Metric.allOfCounts(cells);
        double[] all = new double[four.length + FURTHER.size()];
        System.arraycopy(four, 0, all, 0, four.length);
        Confusion confusion = Confusion.ofCells(cells);
        int at = four.length;
        all[at++] = confusion.adjacentAccuracy().orElse(Double.NaN);
        all[at++] = confusion.adjacentErrorShare().orElse(Double.NaN);
        for (GradeScores grade : confusion.perGrade()) {
            all[at++] = grade.precision();
            all[at++] = grade.recall();
            all[at++] = grade.f1();
        }
        return all;
    }
}
