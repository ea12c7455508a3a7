package io.patella.jobs.job.report;

import io.patella.cohort.Grade;
import io.patella.report.facts.Agreement;
import io.patella.report.facts.Comparison;
import io.patella.report.facts.Estimate;
import io.patella.report.facts.Metric;
import io.patella.report.facts.Tabulation;
import io.patella.report.facts.Value;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.agreement.ReaderPair;
import io.patella.statistics.agreement.ReadingMatrix;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.Patients;
import io.patella.statistics.calibration.CalibrationScores;
import io.patella.statistics.calibration.Temperature;
import io.patella.statistics.comparison.Holm;
import io.patella.statistics.conformal.GradeSets;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.statistics.prevalence.CorrectedPrevalence;
import io.patella.tables.row.ReadingRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Models against each other, against the readers, and what their probabilities are good for on hard knees. */
final class ComparisonFacts {
    /** Share of misses that a conformal set may have per grade. */
    private static final double ALPHA = 0.1;

    /** 97.5 % quantile of the normal distribution. */
    private static final double NORMAL = 1.959963984540054;

    private ComparisonFacts() {}

    /**
     * Every pair of models on one part, on the radiographs that both graded.
     *
     * @param models predictions by model, in the order of the page
     */
    static List<Comparison> pairs(String cohort, String part, Map<String, Predictions> models, Bootstrap bootstrap) {
        List<Map.Entry<String, Predictions>> all = List.copyOf(models.entrySet());
        List<io.patella.statistics.comparison.Comparison> compared = new ArrayList<>();
        List<List<String>> pairs = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                List<String> pair = List.of(all.get(i).getKey(), all.get(j).getKey());
                common(all.get(i).getValue(), all.get(j).getValue()).ifPresent(both -> {
                    compared.add(io.patella.statistics.comparison.Comparison.of(both.get(0), both.get(1), bootstrap));
                    pairs.add(pair);
                });
            }
        }
        List<Double> adjusted = compared.size() < 2
                ? List.of()
                : Holm.adjusted(
                        compared.stream().map(each -> each.mcNemar().p()).toList());
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 0; i < compared.size(); i++) {
            io.patella.statistics.comparison.Comparison each = compared.get(i);
            List<String> notes = new ArrayList<>(each.notes());
            if (!adjusted.isEmpty()) {
                notes.add("Adjusted p-values: McNemar’s test after Holm over the " + compared.size()
                        + " comparisons on " + cohort + ", " + part + ".");
            }
            comparisons.add(new Comparison(
                    cohort,
                    part,
                    pairs.get(i).get(0),
                    pairs.get(i).get(1),
                    each.images(),
                    each.differences().stream()
                            .map(difference -> new Metric(difference.name().metric(), estimate(difference.interval())))
                            .toList(),
                    each.mcNemar().onlyFirstRight(),
                    each.mcNemar().onlySecondRight(),
                    each.mcNemar().p(),
                    each.deLong().p().value(),
                    adjusted.isEmpty() ? null : adjusted.get(i),
                    notes));
        }
        return comparisons;
    }

    /** Both tables cut down to the images that both have; empty when there are none or references differ (merged scales). */
    private static Optional<List<Predictions>> common(Predictions first, Predictions second) {
        Map<String, Prediction> other = new LinkedHashMap<>();
        second.rows().forEach(row -> other.put(row.imageId(), row));
        List<Prediction> left = new ArrayList<>();
        List<Prediction> right = new ArrayList<>();
        for (Prediction row : first.rows()) {
            Prediction same = other.get(row.imageId());
            if (same != null) {
                left.add(row);
                right.add(same);
                if (same.grade() != row.grade()) {
                    return Optional.empty();
                }
            }
        }
        return left.isEmpty() ? Optional.empty() : Optional.of(List.of(Predictions.of(left), Predictions.of(right)));
    }

    /**
     * Readers with each other, each model with each reader and with the reference grades.
     *
     * @param readings all readings of the cohort, sorted; of repeated readings the first counts
     * @param models predictions by model, on the part named
     */
    static Optional<Agreement> agreement(
            String cohort, String part, List<ReadingRow> readings, Map<String, Predictions> models) {
        Map<String, Map<String, Integer>> byReader = new TreeMap<>();
        readings.forEach(row -> byReader.computeIfAbsent(row.reader(), reader -> new TreeMap<>())
                .putIfAbsent(row.imageId(), row.grade()));
        if (byReader.size() < 2) {
            return Optional.empty();
        }
        io.patella.statistics.agreement.Agreement readers =
                io.patella.statistics.agreement.Agreement.of(ReadingMatrix.of(byReader));
        List<Agreement.Pair> pairs = new ArrayList<>();
        for (ReaderPair pair : readers.pairs()) {
            if (pair.images() > 0) {
                pairs.add(pair(Agreement.Kind.READER_READER, pair.first(), pair.second(), pair));
            }
        }
        models.forEach((model, predictions) -> {
            Map<String, Integer> graded = new TreeMap<>();
            Map<String, Integer> reference = new TreeMap<>();
            predictions.rows().forEach(row -> {
                graded.put(row.imageId(), row.predicted());
                reference.put(row.imageId(), row.grade());
            });
            byReader.forEach((reader, read) -> {
                ReaderPair pair = pair(graded, read);
                if (pair.images() > 0) {
                    pairs.add(pair(Agreement.Kind.MODEL_READER, model, reader, pair));
                }
            });
            pairs.add(pair(Agreement.Kind.MODEL_CONSENSUS, model, "reference grade", pair(graded, reference)));
        });
        List<String> notes = new ArrayList<>(readers.notes());
        notes.add("Readers are compared on all radiographs that both read, models on the " + part + " part.");
        notes.add(
                "Intervals here are asymptotic (Fleiss, Cohen and Everitt 1969) and count radiographs, not patients.");
        return Optional.of(new Agreement(
                cohort,
                pairs,
                List.of(
                        new Metric("fleiss_kappa", EvaluationFacts.estimate(readers.fleissKappa())),
                        new Metric(
                                "krippendorff_alpha_ordinal",
                                EvaluationFacts.estimate(readers.krippendorffAlphaOrdinal())),
                        new Metric(
                                "icc2_1",
                                EvaluationFacts.estimate(
                                        readers.intraclassCorrelation().icc21())),
                        new Metric(
                                "icc3_1",
                                EvaluationFacts.estimate(
                                        readers.intraclassCorrelation().icc31()))),
                notes));
    }

    private static ReaderPair pair(Map<String, Integer> first, Map<String, Integer> second) {
        return io.patella.statistics.agreement.Agreement.of(ReadingMatrix.of(Map.of("a", first, "b", second)))
                .pairs()
                .get(0);
    }

    private static Agreement.Pair pair(Agreement.Kind kind, String first, String second, ReaderPair pair) {
        return new Agreement.Pair(
                kind,
                first,
                second,
                pair.images(),
                EvaluationFacts.estimate(pair.percentAgreement()),
                asymptotic(pair.kappa(), pair.kappaError()),
                asymptotic(pair.kappaQuadratic(), pair.kappaQuadraticError()));
    }

    private static Estimate asymptotic(Figure kappa, Figure error) {
        if (kappa.value() == null || error.value() == null) {
            return EvaluationFacts.estimate(kappa);
        }
        double half = NORMAL * error.value();
        return new Estimate(kappa.value(), Math.max(-1, kappa.value() - half), Math.min(1, kappa.value() + half));
    }

    /** Shares of the grades among {@code target} before and after correction by the validation part's confusion. */
    static Tabulation prevalence(String label, Predictions validation, Predictions target, Bootstrap bootstrap) {
        CorrectedPrevalence corrected = CorrectedPrevalence.of(
                Patients.of(validation.patientIndex(), validation.cells(), Grade.COUNT * Grade.COUNT),
                Patients.of(target.patientIndex(), target.predicted(), Grade.COUNT),
                bootstrap);
        int[] reference = new int[Grade.COUNT];
        for (int grade : target.grades()) {
            reference[grade]++;
        }
        List<List<Value>> rows = new ArrayList<>();
        for (int k = 0; k < Grade.COUNT; k++) {
            rows.add(List.of(
                    Value.words("KL " + k),
                    Estimate.of(corrected.observed().get(k)),
                    estimate(corrected.corrected().get(k)),
                    Estimate.of((double) reference[k] / target.images())));
        }
        return new Tabulation(
                "Hard grades",
                "Prevalence of each grade, " + label,
                "Shares of the model’s grades, the same corrected by the confusion matrix of the validation part, and the"
                        + " shares of the reference grades.",
                List.of("Grade", "As graded", "Corrected", "Reference"),
                rows,
                corrected.notes());
    }

    /** How class-conditional grade sets, calibrated on validation, did on {@code target}. */
    static Optional<Tabulation> gradeSets(String label, Predictions validation, Predictions target) {
        if (!validation.hasDistribution() || !target.hasDistribution()) {
            return Optional.empty();
        }
        GradeSets.Coverage coverage = GradeSets.calibrate(validation, ALPHA).coverage(target);
        List<List<Value>> rows = new ArrayList<>();
        for (int k = 0; k < Grade.COUNT; k++) {
            rows.add(List.of(
                    Value.words("Reference in the set, KL " + k),
                    EvaluationFacts.estimate(coverage.perGrade().get(k))));
        }
        rows.add(List.of(Value.words("Reference in the set, all"), Estimate.of(coverage.covered())));
        rows.add(List.of(Value.words("Grades per set"), Estimate.of(coverage.meanSize())));
        rows.add(List.of(Value.words("Radiographs set aside"), Estimate.of(coverage.abstained())));
        rows.add(List.of(
                Value.words("Reference in the set, not set aside"),
                EvaluationFacts.estimate(coverage.coveredWhereUsed())));
        return Optional.of(new Tabulation(
                "Hard grades",
                "Sets of grades at 90 %, " + label,
                "Conformal sets, calibrated per grade on the validation part, so that each grade is missed in at most one"
                        + " knee of ten; a wide set says that the radiograph is hard.",
                List.of("What", "Share or mean"),
                rows,
                List.of()));
    }

    /** What scaling by the temperature that validation asks for does to the probabilities of {@code target}. */
    static Optional<Tabulation> temperature(String label, Predictions validation, Predictions target) {
        if (!validation.hasDistribution() || !target.hasDistribution()) {
            return Optional.empty();
        }
        Temperature fitted = Temperature.fit(validation);
        CalibrationScores before = CalibrationScores.of(target);
        CalibrationScores after = CalibrationScores.of(fitted.scaled(target));
        return Optional.of(new Tabulation(
                "Hard grades",
                "Temperature scaling, " + label,
                String.format(
                        Locale.ROOT,
                        "Probabilities of the test part as they are and raised to 1 / T, T = %.3f fitted on the validation"
                                + " part; no grade changes.",
                        fitted.temperature()),
                List.of("Score", "As they are", "Scaled"),
                List.of(
                        scores("Log loss", before.logLoss(), after.logLoss()),
                        scores(
                                "Expected calibration error, 15 bins",
                                before.expectedCalibrationError(),
                                after.expectedCalibrationError()),
                        scores("Brier score", before.brier(), after.brier()),
                        scores("Ranked probability score", before.rps(), after.rps())),
                List.of()));
    }

    private static List<Value> scores(String name, Figure before, Figure after) {
        return List.of(Value.words(name), EvaluationFacts.estimate(before), EvaluationFacts.estimate(after));
    }

    static Estimate estimate(Interval interval) {
        Double value = interval.estimate().value();
        Double lower = interval.lower().value();
        Double upper = interval.upper().value();
        return new Estimate(value, lower, upper);
    }
}
