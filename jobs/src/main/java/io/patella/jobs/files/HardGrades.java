package io.patella.jobs.files;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.Patients;
import io.patella.statistics.calibration.CalibrationScores;
import io.patella.statistics.calibration.Temperature;
import io.patella.statistics.conformal.GradeSet;
import io.patella.statistics.conformal.GradeSets;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.statistics.prevalence.CorrectedPrevalence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a validation part teaches about another one: sets of grades that hold the reference with a promised probability and
 * which knees to set aside, probabilities scaled by a temperature, prevalence corrected by the confusion matrix. Everything is
 * fitted on validation and judged on the target.
 */
public final class HardGrades {
    /** Columns of {@link #rows}. */
    public static final List<String> COLUMNS = List.of(
            "image_id", "patient_id", "predicted", "grades", "abstains", "p0", "p1", "p2", "p3", "p4", "p_kl_ge_2");

    private final Predictions target;
    private final CorrectedPrevalence prevalence;
    private final @Nullable GradeSets sets;
    private final @Nullable Temperature temperature;

    private HardGrades(
            Predictions target,
            CorrectedPrevalence prevalence,
            @Nullable GradeSets sets,
            @Nullable Temperature temperature) {
        this.target = target;
        this.prevalence = prevalence;
        this.sets = sets;
        this.temperature = temperature;
    }

    /**
     * Fits on validation.
     *
     * @param alpha share of knees of each grade whose set may miss it, above 0 and below 1
     */
    public static HardGrades of(Predictions validation, Predictions target, double alpha, Bootstrap bootstrap) {
        CorrectedPrevalence prevalence = CorrectedPrevalence.of(
                Patients.of(validation.patientIndex(), validation.cells(), Grade.COUNT * Grade.COUNT),
                Patients.of(target.patientIndex(), target.predicted(), Grade.COUNT),
                bootstrap);
        boolean probabilities = validation.hasDistribution() && target.hasDistribution();
        return new HardGrades(
                target,
                prevalence,
                probabilities ? GradeSets.calibrate(validation, alpha) : null,
                probabilities ? Temperature.fit(validation) : null);
    }

    /** The JSON object under {@code hard_grades}. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>(prevalence.notes());
        if (sets == null) {
            json.put("grade_sets", null);
            notes.add("grade_sets, temperature: no probabilities p0..p4 on both sides");
        } else {
            GradeSets.Coverage coverage = sets.coverage(target);
            Map<String, @Nullable Object> found = new LinkedHashMap<>();
            found.put("alpha", sets.alpha());
            List<@Nullable Double> thresholds = new ArrayList<>();
            for (int k = 0; k < Grade.COUNT; k++) {
                thresholds.add(sets.threshold(k).value());
            }
            found.put("thresholds", thresholds);
            found.put("covered", coverage.covered());
            List<@Nullable Double> perClass = new ArrayList<>();
            coverage.perGrade().forEach(share -> perClass.add(share.value()));
            found.put("covered_per_class", perClass);
            found.put("mean_size", coverage.meanSize());
            found.put("abstained", coverage.abstained());
            found.put("covered_where_used", coverage.coveredWhereUsed().value());
            json.put("grade_sets", found);
            for (int k = 0; k < Grade.COUNT; k++) {
                String reason = sets.threshold(k).reason();
                if (reason != null) {
                    notes.add("grade_sets: " + reason + ", so it is in every set");
                }
            }
        }
        if (temperature == null) {
            json.put("temperature", null);
        } else {
            CalibrationScores before = CalibrationScores.of(target);
            CalibrationScores after = CalibrationScores.of(temperature.scaled(target));
            Map<String, @Nullable Object> found = new LinkedHashMap<>();
            found.put("temperature", temperature.temperature());
            found.put("log_loss", pair(before.logLoss(), after.logLoss()));
            found.put("ece_15", pair(before.expectedCalibrationError(), after.expectedCalibrationError()));
            found.put("brier", pair(before.brier(), after.brier()));
            found.put("rps", pair(before.rps(), after.rps()));
            json.put("temperature", found);
        }
        Map<String, @Nullable Object> shares = new LinkedHashMap<>();
        shares.put("observed", prevalence.observed());
        shares.put(
                "corrected",
                prevalence.corrected().stream().map(EvaluationAnswer::interval).toList());
        shares.put("kl_ge_2", EvaluationAnswer.interval(prevalence.klGe2()));
        json.put("prevalence", shares);
        json.put("notes", notes);
        return json;
    }

    private static Map<String, @Nullable Double> pair(Figure before, Figure after) {
        Map<String, @Nullable Double> pair = new LinkedHashMap<>();
        pair.put("before", before.value());
        pair.put("after", after.value());
        return pair;
    }

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder("\nfitted on validation\n\n");
        TextTable shares = new TextTable("grade", "as graded", "corrected prevalence", "in its set");
        GradeSets.Coverage coverage = sets == null ? null : sets.coverage(target);
        for (int k = 0; k < Grade.COUNT; k++) {
            shares.row(
                    k,
                    EvaluationAnswer.number(prevalence.observed().get(k)),
                    EvaluationAnswer.text(prevalence.corrected().get(k)),
                    coverage == null
                            ? "-"
                            : EvaluationAnswer.number(coverage.perGrade().get(k)));
        }
        Interval klGe2 = prevalence.klGe2();
        shares.row(">= 2", "", EvaluationAnswer.text(klGe2), "");
        text.append(shares.text());
        if (sets != null && coverage != null) {
            text.append("\nsets of grades at " + EvaluationAnswer.number(1 - sets.alpha()) + ": "
                    + EvaluationAnswer.number(coverage.covered()) + " hold the reference, "
                    + EvaluationAnswer.number(coverage.meanSize()) + " grades each, "
                    + EvaluationAnswer.number(coverage.abstained()) + " of the knees set aside, of the others "
                    + EvaluationAnswer.number(coverage.coveredWhereUsed()) + " hold it\n");
        }
        if (temperature != null) {
            CalibrationScores before = CalibrationScores.of(target);
            CalibrationScores after = CalibrationScores.of(temperature.scaled(target));
            text.append("temperature " + EvaluationAnswer.number(temperature.temperature()) + ": log loss "
                    + EvaluationAnswer.number(before.logLoss()) + " to " + EvaluationAnswer.number(after.logLoss())
                    + ", calibration error " + EvaluationAnswer.number(before.expectedCalibrationError()) + " to "
                    + EvaluationAnswer.number(after.expectedCalibrationError()) + "\n");
        }
        prevalence.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }

    /** One row per knee in {@link #COLUMNS}: the set as in {@code 2 3}, whether to set it aside, scaled probabilities. */
    public List<List<?>> rows() {
        List<List<?>> rows = new ArrayList<>();
        for (Prediction row : target.rows()) {
            Distribution distribution = row.distribution();
            if (distribution == null || temperature == null || sets == null) {
                rows.add(List.of(row.imageId(), row.patientId(), row.predicted(), "", "", "", "", "", "", "", ""));
            } else {
                GradeSet set = sets.of(distribution);
                Distribution scaled = temperature.scale(distribution);
                rows.add(List.of(
                        row.imageId(),
                        row.patientId(),
                        row.predicted(),
                        set.grades().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                        set.abstains(),
                        scaled.p0(),
                        scaled.p1(),
                        scaled.p2(),
                        scaled.p3(),
                        scaled.p4(),
                        scaled.klGe2()));
            }
        }
        return rows;
    }
}
