package io.patella.statistics.comparison;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.statistics.Figure;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.PairedResampling;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Two graders on the same images.
 *
 * @param images number of images
 * @param patients number of patients
 * @param differences first minus second in each metric, in the order of {@link Metric}
 * @param further first minus second in every other scalar figure that both have, in the order of tables and pages
 * @param mcNemar accuracy, exact
 * @param deLong area under the ROC curve of KL >= 2
 * @param bootstrap how the intervals were made
 * @param notes why what is undefined is so
 */
public record Comparison(
        int images,
        int patients,
        List<Difference> differences,
        List<Difference> further,
        McNemar mcNemar,
        DeLong deLong,
        Bootstrap bootstrap,
        List<String> notes) {
    private static final int SHOWN = 10;
    private static final int METRICS = Metric.values().length;

    public Comparison {
        differences = List.copyOf(differences);
        further = List.copyOf(further);
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
        List<String> notes = new ArrayList<>();
        List<Difference> differences = new ArrayList<>();
        PairedResampling resampling = PairedResampling.of(first, second, bootstrap);
        resampling.differences().forEach((name, interval) -> {
            String word = (differences.size() < METRICS ? "difference." : "further_difference.") + name.title();
            note(notes, word, interval.lower());
            if (interval.undefinedResamples() > 0 && interval.estimate().isDefined()) {
                notes.add(word + ": undefined in " + interval.undefinedResamples() + " of " + bootstrap.resamples()
                        + " resamples, which are left out");
            }
            differences.add(new Difference(name, interval, null));
        });
        if (!first.hasDistribution() || !second.hasDistribution()) {
            notes.add("further_difference: roc_auc, average_precision, calibration: a and b do not both have p0..p4");
        }
        if (first.hasKlGe2() && second.hasKlGe2() && !resampling.isAffordable()) {
            notes.add(
                    "further_difference: roc_auc, average_precision, calibration: left out, images times resamples are"
                            + " too many");
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
                differences.subList(0, METRICS),
                differences.subList(METRICS, differences.size()),
                McNemar.of(grades, a, b),
                deLong,
                bootstrap,
                notes);
    }

    /** The same comparison with a verdict on {@code margin} for each figure. */
    public Comparison judged(double margin) {
        if (!(margin > 0)) {
            throw new InputException("--margin", "not above 0", margin, "give how much worse is still acceptable");
        }
        return new Comparison(
                images,
                patients,
                differences.stream().map(each -> each.judged(margin)).toList(),
                further.stream().map(each -> each.judged(margin)).toList(),
                mcNemar,
                deLong,
                bootstrap,
                notes);
    }

    private static void requireSame(Predictions first, Predictions second) {
        List<String> problems = new ArrayList<>();
        noteMissing("second grader", first, second, problems);
        noteMissing("first grader", second, first, problems);
        if (!problems.isEmpty()) {
            throw new InputException(String.join("\n", problems));
        }
        for (int i = 0; i < first.images(); i++) {
            Prediction left = first.rows().get(i);
            Prediction right = second.rows().get(i);
            if (left.grade() != right.grade() || !left.patientId().equals(right.patientId())) {
                throw new InputException(
                        "image " + left.imageId(),
                        "reference grade or patient differs between the two graders",
                        left.grade() + " of " + left.patientId() + " and " + right.grade() + " of " + right.patientId(),
                        "both tables must have the same reference");
            }
        }
    }

    /** Notes what {@code grader}, whose table is {@code these}, lacks of {@code others}. */
    private static void noteMissing(String grader, Predictions others, Predictions these, List<String> problems) {
        Set<String> there = these.rows().stream().map(Prediction::imageId).collect(Collectors.toSet());
        List<String> lacking = others.rows().stream()
                .map(Prediction::imageId)
                .filter(image -> !there.contains(image))
                .toList();
        if (!lacking.isEmpty()) {
            String more = lacking.size() > SHOWN ? " and " + (lacking.size() - SHOWN) + " more" : "";
            problems.add(new InputException(
                            grader,
                            "images that the other grader has are missing",
                            lacking.stream().limit(SHOWN).collect(Collectors.joining(", ")) + more,
                            "both tables must hold the same images")
                    .getMessage());
        }
    }

    private static void note(List<String> notes, String name, Figure figure) {
        String reason = figure.reason();
        if (reason != null) {
            notes.add(name + ": " + reason);
        }
    }
}
