package io.patella.jobs.files;

import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.evaluation.Subgroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code patella evaluate --predictions}: the statistics for anybody's predictions. */
public final class EvaluateFile {
    private EvaluateFile() {}

    /**
     * What was found.
     *
     * @param evaluation of the whole table
     * @param subgroups of each column asked for
     * @param hardGrades what a validation file teaches; null without one
     */
    public record Answer(
            Evaluation evaluation,
            List<Subgroup> subgroups,
            @Nullable HardGrades hardGrades) {
        /** The JSON object: {@code evaluate}'s keys, and {@code hard_grades} where validation was given. */
        public Map<String, Object> json() {
            Map<String, Object> json = EvaluationAnswer.json(evaluation, subgroups);
            if (hardGrades != null) {
                json.put("hard_grades", hardGrades.json());
            }
            return json;
        }

        /** For a terminal. */
        public String text() {
            return EvaluationAnswer.text(evaluation, subgroups) + (hardGrades == null ? "" : hardGrades.text());
        }
    }

    /**
     * What else to do.
     *
     * @param columns columns whose values make subgroups
     * @param smallestCell strata with fewer patients get no figures
     * @param curves where to write the curves' points as CSV; null for nowhere
     * @param validation predictions of a validation part; null for none
     * @param alpha allowed misses of the grade sets
     * @param gradeSets where to write the set of each knee; null for nowhere
     */
    public record Extras(
            List<String> columns,
            int smallestCell,
            @Nullable Path curves,
            @Nullable Path validation,
            double alpha,
            @Nullable Path gradeSets) {
        public Extras {
            columns = List.copyOf(columns);
        }
    }

    /** Evaluates a file. */
    public static Answer run(Path file, Bootstrap bootstrap, Extras extras) {
        PredictionsFile predictions = PredictionsFile.read(file);
        List<Subgroup> subgroups = new ArrayList<>();
        for (String column : extras.columns()) {
            subgroups.addAll(Subgroup.of(
                    predictions.predictions(), column, predictions.column(column), bootstrap, extras.smallestCell()));
        }
        Evaluation evaluation = Evaluation.of(predictions.predictions(), bootstrap);
        if (extras.curves() != null) {
            CsvOut.write(extras.curves(), EvaluationAnswer.CURVE_COLUMNS, EvaluationAnswer.curveRows(evaluation));
        }
        HardGrades hardGrades = null;
        if (extras.validation() != null) {
            PredictionsFile validation = PredictionsFile.read(extras.validation());
            predictions.requireOtherPatients(validation);
            hardGrades = HardGrades.of(validation.predictions(), predictions.predictions(), extras.alpha(), bootstrap);
            if (extras.gradeSets() != null) {
                CsvOut.write(extras.gradeSets(), HardGrades.COLUMNS, hardGrades.rows());
            }
        }
        return new Answer(evaluation, subgroups, hardGrades);
    }
}
