package io.patella.statistics.comparison;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.CountStatistic;
import io.patella.statistics.bootstrap.Patients;
import io.patella.statistics.evaluation.Resampling;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.List;

/**
 * Two graders on the same images.
 *
 * @param images number of images
 * @param patients number of patients
 * @param differences first minus second in each metric, in the order of {@link Metric}
 * @param mcNemar accuracy, exact
 * @param deLong area under the ROC curve of KL >= 2
 * @param bootstrap how the intervals were made
 * @param notes why what is undefined is so
 */
public record Comparison(
        int images,
        int patients,
        List<Difference> differences,
        McNemar mcNemar,
        DeLong deLong,
        Bootstrap bootstrap,
        List<String> notes) {
    private static final int TRIPLES = Grade.COUNT * Grade.COUNT * Grade.COUNT;

    /** Differences of the four metrics from counts of (reference, first, second). */
    public static final CountStatistic DIFFERENCES = triples -> {
        int[] first = new int[Grade.COUNT * Grade.COUNT];
        int[] second = new int[Grade.COUNT * Grade.COUNT];
        for (int t = 0; t < TRIPLES; t++) {
            int reference = t / (Grade.COUNT * Grade.COUNT);
            first[Confusion.cell(reference, t / Grade.COUNT % Grade.COUNT)] += triples[t];
            second[Confusion.cell(reference, t % Grade.COUNT)] += triples[t];
        }
        double[] differences = Metric.allOfCounts(first);
        double[] ofSecond = Metric.allOfCounts(second);
        for (int m = 0; m < differences.length; m++) {
            differences[m] -= ofSecond[m];
        }
        return differences;
    };

    public Comparison {
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }

    /**
     * Compares two tables of predictions on the same images.
     *
     * @throws InputException when images, patients or reference grades differ
     */
    public static Comparison of(Predictions first, Predictions second, Bootstrap bootstrap) {
        requireSame(first, second);
        int[] grades = first.grades();
        int[] a = first.predicted();
        int[] b = second.predicted();
        int[] triples = new int[grades.length];
        for (int i = 0; i < grades.length; i++) {
            triples[i] = (grades[i] * Grade.COUNT + a[i]) * Grade.COUNT + b[i];
        }
        Patients patients = Resampling.patients(first.patientIndex(), triples, TRIPLES, grades, bootstrap);
        List<Interval> intervals = bootstrap.intervals(patients, DIFFERENCES);
        List<String> notes = new ArrayList<>();
        List<Difference> differences = new ArrayList<>();
        Metric[] metrics = Metric.values();
        for (int m = 0; m < metrics.length; m++) {
            Metric metric = metrics[m];
            Interval interval = intervals.get(m);
            if (!interval.estimate().isDefined()) {
                String reason = first.confusion().figure(metric).isDefined() ? "of b" : "of a";
                interval = Interval.undefined(
                        metric.word() + " " + reason + " is undefined: "
                                + first.confusion().undefinedReason(metric),
                        interval.undefinedResamples());
            }
            note(notes, "difference." + metric.word(), interval.lower());
            if (interval.undefinedResamples() > 0) {
                notes.add("difference." + metric.word() + ": undefined in " + interval.undefinedResamples()
                        + " resamples, which are left out");
            }
            differences.add(new Difference(metric, interval, null));
        }
        DeLong deLong = DeLong.undefined("a and b do not both have a probability of KL >= 2");
        if (first.hasKlGe2() && second.hasKlGe2()) {
            boolean[] positive = new boolean[grades.length];
            for (int i = 0; i < grades.length; i++) {
                positive[i] = grades[i] >= Grade.OSTEOARTHRITIS;
            }
            deLong = DeLong.of(first.klGe2(), second.klGe2(), positive);
        }
        note(notes, "delong.auc_a", deLong.firstAuc());
        note(notes, "delong.auc_b", deLong.secondAuc());
        note(notes, "delong.z, delong.p", deLong.z());
        return new Comparison(
                first.images(),
                first.patients().size(),
                differences,
                McNemar.of(grades, a, b),
                deLong,
                bootstrap,
                notes);
    }

    /** The same comparison with a verdict on {@code margin} for each metric. */
    public Comparison judged(double margin) {
        if (!(margin > 0)) {
            throw new InputException("--margin", "not above 0", margin, "give how much worse is still acceptable");
        }
        return new Comparison(
                images,
                patients,
                differences.stream()
                        .map(difference -> difference.judged(margin))
                        .toList(),
                mcNemar,
                deLong,
                bootstrap,
                notes);
    }

    private static void requireSame(Predictions first, Predictions second) {
        List<Prediction> a = first.rows();
        List<Prediction> b = second.rows();
        int i = 0;
        while (i < a.size()
                && i < b.size()
                && a.get(i).imageId().equals(b.get(i).imageId())) {
            Prediction left = a.get(i);
            Prediction right = b.get(i);
            if (left.grade() != right.grade() || !left.patientId().equals(right.patientId())) {
                throw new InputException(
                        "image " + left.imageId(),
                        "reference grade or patient differs between the two graders",
                        left.grade() + " of " + left.patientId() + " and " + right.grade() + " of " + right.patientId(),
                        "both tables must have the same reference");
            }
            i++;
        }
        if (i < a.size() || i < b.size()) {
            boolean missingInSecond = i >= b.size()
                    || (i < a.size() && a.get(i).imageId().compareTo(b.get(i).imageId()) < 0);
            throw new InputException(
                    missingInSecond ? "second grader" : "first grader",
                    "image that the other grader has is missing",
                    (missingInSecond ? a : b).get(i).imageId(),
                    "both tables must hold the same images");
        }
    }

    private static void note(List<String> notes, String name, Figure figure) {
        String reason = figure.reason();
        if (reason != null) {
            notes.add(name + ": " + reason);
        }
    }
}
