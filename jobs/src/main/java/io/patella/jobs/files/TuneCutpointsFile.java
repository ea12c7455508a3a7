package io.patella.jobs.files;

import io.patella.statistics.cutpoints.CutpointSearch;
import io.patella.statistics.cutpoints.TunedCutpoints;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code patella tune-cutpoints}: the cutpoints for anybody's ordinal probabilities. */
public final class TuneCutpointsFile {
    private static final List<String> ORDINAL = List.of("ord0", "ord1", "ord2", "ord3");

    private TuneCutpointsFile() {}

    /** How to search. */
    public enum Search {
        /** All 135,751 nondecreasing combinations. */
        EXACT,
        /** The paper's coordinate descent from 0.50, which may stop below the optimum. */
        DESCENT
    }

    /** Searches on columns {@code grade, ord0..ord3}. */
    public static TunedCutpoints run(Path file, Search search) {
        FileTable table = FileTable.read(file).require("grade", "ord0", "ord1", "ord2", "ord3");
        if (table.has("image_id")) {
            table.unique("image_id");
        }
        int[] grades = table.grade("grade");
        double[][] columns = table.numbers(ORDINAL, 0, 1);
        double[][] ordinal = new double[table.rows()][columns.length];
        for (int k = 0; k < columns.length; k++) {
            for (int row = 0; row < ordinal.length; row++) {
                ordinal[row][k] = columns[k][row];
            }
        }
        return search == Search.EXACT
                ? CutpointSearch.exact(ordinal, grades)
                : CutpointSearch.coordinateDescent(ordinal, grades);
    }

    /** The JSON object of {@code tune-cutpoints}. */
    public static Map<String, @Nullable Object> json(TunedCutpoints tuned) {
        boolean defined = tuned.plateau().size() > 0;
        Map<String, @Nullable Object> plateau = new LinkedHashMap<>();
        plateau.put("size", tuned.plateau().size());
        plateau.put("minimum", defined ? tuned.plateau().minimum() : null);
        plateau.put("maximum", defined ? tuned.plateau().maximum() : null);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("cutpoints", tuned.cutpoints().toList());
        json.put("qwk", tuned.qwk().value());
        json.put("plateau", plateau);
        String reason = tuned.qwk().reason();
        json.put("notes", reason == null ? List.of() : List.of("qwk, plateau: " + reason));
        return json;
    }

    /** For a terminal. */
    public static String text(TunedCutpoints tuned) {
        List<Double> c = tuned.cutpoints().toList();
        String reason = tuned.qwk().reason();
        String qwk =
                reason == null ? String.format(Locale.ROOT, "%.6f", tuned.qwk().orElse(0)) : "undefined: " + reason;
        return "cutpoints " + c + "\nQWK       " + qwk + "\nplateau   "
                + tuned.plateau().size()
                + " combinations with the same QWK, from " + tuned.plateau().minimum() + " to "
                + tuned.plateau().maximum() + "\n";
    }
}
