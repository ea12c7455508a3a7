package io.patella.evaluating;

import io.patella.cohort.InputException;
import io.patella.statistics.metrics.Prediction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Graded images as predictions on the driver, for what is compared across models. */
public final class GradedPredictions {
    private GradedPredictions() {}

    /** Whose grades, by which preparation. */
    public record Key(String model, String preparation) {}

    /** The predictions of every model and preparation in rows of {@link GradedImages} on the full scale. */
    public static Map<Key, List<Prediction>> byModel(Dataset<Row> graded) {
        Map<Key, List<Prediction>> byModel = new HashMap<>();
        Iterator<Row> rows = graded.toLocalIterator();
        while (rows.hasNext()) {
            Row row = rows.next();
            byModel.computeIfAbsent(new Key(row.getString(3), row.getString(4)), none -> new ArrayList<>())
                    .add(GroupEvaluator.prediction(row, false));
        }
        return byModel;
    }

    /**
     * The predictions of one model in rows of {@link GradedImages}.
     *
     * @param model how messages call it
     * @throws InputException when its grades come from several preparations, or from a merged scale, which does not compare
     */
    public static List<Prediction> ofOneModel(Dataset<Row> graded, String model) {
        List<Row> rows = graded.collectAsList();
        Set<String> preparations = rows.stream().map(row -> row.getString(4)).collect(Collectors.toSet());
        if (preparations.size() > 1) {
            throw new InputException(
                    "grades of " + model, "made with several preparations", preparations, "compare one preparation");
        }
        if (rows.stream().anyMatch(row -> MergedScale.is(row.getString(5)))) {
            throw new InputException(
                    "grades of " + model,
                    "on a merged scale",
                    rows.get(0).getString(5),
                    "its figures do not compare with those of graders on the full scale");
        }
        return rows.stream().map(row -> GroupEvaluator.prediction(row, false)).toList();
    }
}
