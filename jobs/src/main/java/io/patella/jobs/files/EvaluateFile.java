package io.patella.jobs.files;

import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.evaluation.Subgroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code patella evaluate --predictions}: the statistics for anybody's predictions. */
public final class EvaluateFile {
    private EvaluateFile() {}

    /**
     * What was found.
     *
     * @param evaluation of the whole table
     * @param subgroups of each column asked for
     */
    public record Answer(Evaluation evaluation, List<Subgroup> subgroups) {}

    /**
     * Evaluates a file.
     *
     * @param columns columns whose values make subgroups
     * @param smallestCell strata with fewer patients get no figures
     * @param curves where to write the curves' points as CSV; null for nowhere
     */
    public static Answer run(
            Path file, Bootstrap bootstrap, List<String> columns, int smallestCell, @Nullable Path curves) {
        PredictionsFile predictions = PredictionsFile.read(file);
        List<Subgroup> subgroups = new ArrayList<>();
        for (String column : columns) {
            subgroups.addAll(Subgroup.of(
                    predictions.predictions(), column, predictions.column(column), bootstrap, smallestCell));
        }
        Evaluation evaluation = Evaluation.of(predictions.predictions(), bootstrap);
        if (curves != null) {
            CsvOut.write(curves, EvaluationAnswer.CURVE_COLUMNS, EvaluationAnswer.curveRows(evaluation));
        }
        return new Answer(evaluation, subgroups);
    }
}
