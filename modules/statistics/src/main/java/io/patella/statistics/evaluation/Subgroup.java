package io.patella.statistics.evaluation;

import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The images that share a value of some column, and what is said about them.
 *
 * @param column which column made the strata
 * @param stratum the value; {@link #MISSING} where it was not known
 * @param images number of images
 * @param patients number of patients
 * @param evaluation the figures; null when the stratum has fewer patients than the smallest cell allows
 * @param note why there are no figures; null when there are
 */
public record Subgroup(
        String column,
        String stratum,
        int images,
        int patients,
        @Nullable Evaluation evaluation,
        @Nullable String note) {
    /** The stratum of images without a value. */
    public static final String MISSING = "(missing)";

    /** Strata with fewer patients than this carry no figures, unless asked otherwise. */
    public static final int SMALLEST_CELL = 10;

    /**
     * Evaluates each stratum of {@code column}, in the order of their names, the missing last.
     *
     * @param stratumOfImage image id to value; images that are absent or blank are missing
     * @param smallestCell strata with fewer patients get no figures
     */
    public static List<Subgroup> of(
            Predictions predictions,
            String column,
            Map<String, String> stratumOfImage,
            Bootstrap bootstrap,
            int smallestCell) {
        Map<String, List<Prediction>> strata = new TreeMap<>();
        List<Prediction> missing = new ArrayList<>();
        for (Prediction row : predictions.rows()) {
            String stratum = stratumOfImage.getOrDefault(row.imageId(), "");
            (stratum.isBlank() ? missing : strata.computeIfAbsent(stratum, s -> new ArrayList<>())).add(row);
        }
        List<Subgroup> subgroups = new ArrayList<>();
        strata.forEach((stratum, rows) -> subgroups.add(of(column, stratum, rows, bootstrap, smallestCell)));
        if (!missing.isEmpty()) {
            subgroups.add(of(column, MISSING, missing, bootstrap, smallestCell));
        }
        return subgroups;
    }

    private static Subgroup of(
            String column, String stratum, List<Prediction> rows, Bootstrap bootstrap, int smallestCell) {
        Predictions predictions = Predictions.of(rows);
        int patients = predictions.patients().size();
        if (patients < smallestCell) {
            String note = "fewer than " + smallestCell + " patients: no figures";
            return new Subgroup(column, stratum, predictions.images(), patients, null, note);
        }
        return new Subgroup(
                column, stratum, predictions.images(), patients, Evaluation.of(predictions, bootstrap), null);
    }
}
