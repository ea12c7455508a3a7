package io.patella.evaluating;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Metric;
import io.patella.tables.row.GradeRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Graders that do not tell KL 0 from KL 1 (scale 0,2,3,4) are held against reference grades merged likewise, and macro-F1 is
 * the mean over their four grades. Such figures do not compare with those of graders on the full scale.
 */
final class MergedScale {
    static final String NOTE = "merged scale 0,2,3,4: reference KL 1 counts as 0, macro-F1 is over four grades; MAE and"
            + " accuracy do not compare with the full scale";

    private MergedScale() {}

    static boolean is(String scale) {
        return !scale.equals(GradeRow.FULL_SCALE);
    }

    static int grade(int grade) {
        return grade == 1 ? 0 : grade;
    }

    /** Four probabilities, of 0, 2, 3, 4, as five; five stay, with the second added to the first. */
    static double[] distribution(double[] p) {
        return p.length == Grade.COUNT
                ? new double[] {p[0] + p[1], 0, p[2], p[3], p[4]}
                : new double[] {p[0], 0, p[1], p[2], p[3]};
    }

    /** Grade 1 is nowhere, so its F1 is 0 in every resample and the mean over four is 5/4 of the mean over five. */
    static Evaluation corrected(Evaluation evaluation) {
        Map<Metric, Interval> intervals = new EnumMap<>(evaluation.intervals());
        Interval five = evaluation.interval(Metric.MACRO_F1);
        intervals.put(
                Metric.MACRO_F1,
                new Interval(
                        more(five.estimate()),
                        more(five.lower()),
                        more(five.upper()),
                        more(five.lowerError()),
                        more(five.upperError()),
                        five.undefinedResamples()));
        List<String> notes = new ArrayList<>(evaluation.notes());
        notes.add(NOTE);
        return new Evaluation(
                evaluation.images(),
                evaluation.patients(),
                intervals,
                evaluation.further(),
                evaluation.confusion(),
                evaluation.adjacentAccuracy(),
                evaluation.adjacentErrorShare(),
                evaluation.perGrade(),
                evaluation.discrimination(),
                evaluation.calibration(),
                evaluation.bootstrap(),
                notes);
    }

    private static Figure more(Figure figure) {
        return figure.isDefined() ? Figure.of(figure.orElse(0) * Grade.COUNT / (Grade.COUNT - 1)) : figure;
    }
}
