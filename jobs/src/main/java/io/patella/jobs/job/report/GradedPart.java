package io.patella.jobs.job.report;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.Grade;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.Warehouse;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one model said about the radiographs of one part that have a reference grade.
 *
 * @param predictions reference and predicted grades, with probabilities where every row has them
 * @param scale the grades that the model tells apart
 * @param modes execution modes of the grades
 */
record GradedPart(Predictions predictions, String scale, TreeSet<String> modes) {
    /**
     * The grades of a model on a cohort, by image.
     *
     * @param preparation how the pictures were prepared
     */
    static Map<String, GradeRow> grades(Warehouse warehouse, String cohort, String model, String preparation) {
        Map<String, GradeRow> grades = new HashMap<>();
        warehouse
                .collect(
                        GradeRow.TABLE,
                        warehouse
                                .read(GradeRow.TABLE, cohort)
                                .where(col("model")
                                        .equalTo(model)
                                        .and(col("preparation").equalTo(preparation))))
                .forEach(row -> grades.put(row.imageId(), row));
        return grades;
    }

    /** The part's rows; empty when nothing of it is graded. On a merged scale KL 1 counts as KL 0. */
    static Optional<GradedPart> of(CohortRows cohort, Map<String, GradeRow> grades, String split, String part) {
        List<GradeRow> rows = new ArrayList<>();
        List<Prediction> predictions = new ArrayList<>();
        TreeSet<String> modes = new TreeSet<>();
        Map<String, Integer> truth = new HashMap<>();
        Map<String, String> patients = new HashMap<>();
        String scale = GradeRow.FULL_SCALE;
        for (RadiographRow radiograph : cohort.radiographs()) {
            GradeRow grade = grades.get(radiograph.imageId());
            ReferenceGradeRow reference = cohort.references().get(radiograph.imageId());
            boolean inside = part.equals(EvaluationRow.ALL) || part.equals(cohort.part(split, radiograph.patientId()));
            if (grade == null || reference == null || !inside) {
                continue;
            }
            rows.add(grade);
            truth.put(radiograph.imageId(), reference.grade());
            patients.put(radiograph.imageId(), radiograph.patientId());
            scale = grade.scale();
            modes.add(grade.mode());
        }
        boolean distributions = rows.stream().allMatch(row -> distribution(row) != null);
        boolean klGe2 = rows.stream().allMatch(row -> row.pKlGe2() != null);
        boolean merged = !scale.equals(GradeRow.FULL_SCALE);
        for (GradeRow row : rows) {
            int reference = truth.getOrDefault(row.imageId(), 0);
            predictions.add(new Prediction(
                    row.imageId(),
                    patients.getOrDefault(row.imageId(), row.imageId()),
                    merged && reference == 1 ? 0 : reference,
                    row.grade(),
                    distributions ? distribution(row) : null,
                    klGe2 ? row.pKlGe2() : null));
        }
        return predictions.isEmpty()
                ? Optional.empty()
                : Optional.of(new GradedPart(Predictions.of(predictions), scale, modes));
    }

    /** Five probabilities; those of a merged scale get theirs for KL 0 and 1 together at KL 0. Null when there are none. */
    private static @Nullable Distribution distribution(GradeRow row) {
        List<Double> p = row.distribution();
        if (p == null) {
            return null;
        }
        boolean merged = !row.scale().equals(GradeRow.FULL_SCALE);
        if (p.size() == Grade.COUNT) {
            return merged
                    ? new Distribution(p.get(0) + p.get(1), 0, p.get(2), p.get(3), p.get(4))
                    : new Distribution(p.get(0), p.get(1), p.get(2), p.get(3), p.get(4));
        }
        return merged && p.size() == Grade.COUNT - 1
                ? new Distribution(p.get(0), 0, p.get(1), p.get(2), p.get(3))
                : null;
    }
}
