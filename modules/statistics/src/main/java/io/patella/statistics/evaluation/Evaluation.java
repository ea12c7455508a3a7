package io.patella.statistics.evaluation;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.CountStatistic;
import io.patella.statistics.bootstrap.Patients;
import io.patella.statistics.calibration.CalibrationScores;
import io.patella.statistics.curves.Discrimination;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.GradeScores;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Predictions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that is said about one grader on one table of images.
 *
 * @param images number of images
 * @param patients number of patients
 * @param intervals the four metrics with their bootstrap intervals
 * @param further every other scalar figure with its interval, in the order of tables and pages
 * @param confusion the 5 x 5 counts
 * @param adjacentAccuracy share of images at most one grade off
 * @param adjacentErrorShare share of the errors that are one grade off
 * @param perGrade precision, recall, F1, support
 * @param discrimination ROC and precision-recall, figures and curves
 * @param calibration how far the probabilities can be believed
 * @param bootstrap how the intervals were made
 * @param notes why what is undefined is so, and what else a reader must know
 */
public record Evaluation(
        int images,
        int patients,
        Map<Metric, Interval> intervals,
        Map<FigureName, Interval> further,
        Confusion confusion,
        Figure adjacentAccuracy,
        Figure adjacentErrorShare,
        List<GradeScores> perGrade,
        Discrimination discrimination,
        CalibrationScores calibration,
        Bootstrap bootstrap,
        List<String> notes)
        implements Serializable {
    /** The four metrics of 25 counts, in the order of {@link Metric}. */
    public static final CountStatistic FOUR_METRICS = Metric::allOfCounts;

    public Evaluation {
        intervals = Collections.unmodifiableMap(new EnumMap<>(intervals));
        further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
        perGrade = List.copyOf(perGrade);
        notes = List.copyOf(notes);
    }

    /** Evaluates a table. */
    public static Evaluation of(Predictions predictions, Bootstrap bootstrap) {
        Resampling resampling = Resampling.of(predictions, bootstrap);
        return of(predictions, resampling, resampling.replicates());
    }

    /**
     * Evaluates a table with replicates that were computed elsewhere.
     *
     * @param resampling of these predictions
     * @param replicates all of {@link Resampling#replicates(int, int)}, in order
     */
    public static Evaluation of(Predictions predictions, Resampling resampling, double[][] replicates) {
        Bootstrap bootstrap = resampling.bootstrap();
        Confusion confusion = predictions.confusion();
        List<Interval> bounds = resampling.ofMetrics(replicates);
        Map<FigureName, Interval> further = resampling.ofFurther(replicates);
        Map<Metric, Interval> intervals = new EnumMap<>(Metric.class);
        List<String> notes = new ArrayList<>();
        Metric[] metrics = Metric.values();
        for (int m = 0; m < metrics.length; m++) {
            Metric metric = metrics[m];
            Interval bound = bounds.get(m);
            Figure estimate = confusion.figure(metric);
            if (estimate.isDefined()) {
                intervals.put(metric, bound);
                note(notes, metric.word() + ".lower, " + metric.word() + ".upper", bound.lower());
            } else {
                intervals.put(
                        metric, Interval.undefined(confusion.undefinedReason(metric), bound.undefinedResamples()));
                note(notes, metric.word(), estimate);
            }
            if (bound.undefinedResamples() > 0) {
                notes.add(metric.word() + ": undefined in " + bound.undefinedResamples() + " of " + replicates.length
                        + " resamples, which are left out");
            }
        }
        if (predictions.patients().size() == 1) {
            notes.add("one patient: every resample is the table itself, so the intervals have no width");
        }
        Discrimination discrimination = Discrimination.of(predictions);
        CalibrationScores calibration = CalibrationScores.of(predictions);
        note(notes, "adjacent_accuracy", confusion.adjacentAccuracy());
        note(notes, "adjacent_error_share", confusion.adjacentErrorShare());
        if (predictions.hasDistribution()) {
            for (int k = 0; k < Grade.COUNT; k++) {
                note(
                        notes,
                        "roc_auc of grade " + k,
                        discrimination.rocAuc().perGrade().get(k));
                note(
                        notes,
                        "average_precision of grade " + k,
                        discrimination.averagePrecision().perGrade().get(k));
            }
            note(notes, "roc_auc.macro", discrimination.rocAuc().macro());
        } else {
            notes.add("roc_auc, average_precision, calibration: no probabilities p0..p4");
        }
        note(notes, "kl_ge_2.roc_auc", discrimination.klGe2RocAuc());
        note(notes, "kl_ge_2.average_precision", discrimination.klGe2AveragePrecision());
        if (predictions.hasKlGe2() && !resampling.hasProbabilities()) {
            notes.add("roc_auc, average_precision, calibration: no intervals, images times resamples are more than "
                    + Resampling.MOST_STEPS);
        }
        further.forEach((name, bound) -> {
            if (bound.estimate().isDefined()) {
                note(notes, name.title() + ", interval", bound.lower());
            }
            if (bound.estimate().isDefined() && bound.undefinedResamples() > 0) {
                notes.add(name.title() + ": undefined in " + bound.undefinedResamples() + " of " + replicates.length
                        + " resamples, which are left out");
            }
        });
        return new Evaluation(
                predictions.images(),
                predictions.patients().size(),
                intervals,
                further,
                confusion,
                confusion.adjacentAccuracy(),
                confusion.adjacentErrorShare(),
                confusion.perGrade(),
                discrimination,
                calibration,
                bootstrap,
                notes);
    }

    /** The patients of a table as {@link #FOUR_METRICS} needs them. */
    public static Patients patients(Predictions predictions) {
        return Patients.of(predictions.patientIndex(), predictions.cells(), Grade.COUNT * Grade.COUNT);
    }

    /** The interval of one metric. */
    public Interval interval(Metric metric) {
        Interval interval = intervals.get(metric);
        if (interval == null) {
            throw new IllegalStateException("an evaluation holds every metric, not " + intervals.keySet());
        }
        return interval;
    }

    /** One of the further figures of all grades, {@code estimate}, with its interval where it has one. */
    public Interval further(String metric, Figure estimate) {
        return further(FigureName.of(metric), estimate);
    }

    /** One of the further figures, {@code estimate}, with its interval where it has one. */
    public Interval further(FigureName name, Figure estimate) {
        Interval bound = further.get(name);
        return bound == null || !estimate.isDefined()
                ? Interval.unbounded(estimate, "not resampled")
                : new Interval(
                        estimate,
                        bound.lower(),
                        bound.upper(),
                        bound.lowerError(),
                        bound.upperError(),
                        bound.undefinedResamples());
    }

    private static void note(List<String> notes, String name, Figure figure) {
        String reason = figure.reason();
        if (reason != null) {
            notes.add(name + ": " + reason);
        }
    }
}
