package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.tables.Warehouse;
import io.patella.tables.row.ModelRow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** The registered models by what people call them. */
final class GradedModels {
    private GradedModels() {}

    /** Name of each model by its hash. */
    static Map<String, String> names(Warehouse warehouse) {
        Map<String, String> names = new TreeMap<>();
        for (Row row : warehouse.read(ModelRow.TABLE).select("model", "name").collectAsList()) {
            names.put(row.getString(0), row.getString(1));
        }
        return names;
    }

    /**
     * The hash of the model that {@code wanted} means: a hash, its beginning (with or without {@code sha256:}), or a name.
     *
     * @throws InputException when none or several are meant
     */
    static String find(Map<String, String> names, String wanted) {
        List<String> found = names.entrySet().stream()
                .filter(model -> model.getValue().equals(wanted)
                        || model.getKey().startsWith(wanted)
                        || model.getKey().startsWith("sha256:" + wanted))
                .map(Map.Entry::getKey)
                .toList();
        if (found.size() != 1) {
            throw new InputException(
                    "model",
                    found.isEmpty() ? "no such model has graded or was trained here" : "several models are meant",
                    wanted,
                    "the models are: " + names);
        }
        return found.get(0);
    }
}
