package io.patella.jobs.files;

import io.patella.cohort.InputException;
import io.patella.statistics.Figure;
import io.patella.statistics.agreement.Agreement;
import io.patella.statistics.agreement.ReaderPair;
import io.patella.statistics.agreement.ReadingMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code patella agreement}: anybody's readers. A grader is a reader like any other: give its grades as one more reader to see
 * it beside each of them.
 */
public final class AgreementFile {
    private AgreementFile() {}

    /**
     * Reads readings, long ({@code image_id, reader, grade}) or wide ({@code image_id} and a column per reader).
     *
     * @param readers which readers, in this order; empty for all (wide: the columns named "reader" and something)
     */
    public static Agreement run(Path file, List<String> readers) {
        FileTable table = FileTable.read(file).require("image_id");
        return Agreement.of(isLong(table, readers) ? ofLong(table, readers) : ofWide(table, readers));
    }

    private static boolean isLong(FileTable table, List<String> readers) {
        boolean namesColumns = !readers.isEmpty() && table.hasAll(readers);
        return table.hasAll(List.of("reader", "grade")) && !namesColumns;
    }

    private static ReadingMatrix ofLong(FileTable table, List<String> wanted) {
        table.unique("image_id", "reader");
        String[] images = table.text("image_id");
        String[] readers = table.text("reader");
        int[] grades = table.gradeOrMissing("grade");
        Map<String, Map<String, Integer>> byReader = new TreeMap<>();
        for (int row = 0; row < table.rows(); row++) {
            Map<String, Integer> own = byReader.computeIfAbsent(readers[row], reader -> new TreeMap<>());
            if (grades[row] != FileTable.MISSING) {
                own.put(images[row], grades[row]);
            }
        }
        for (String reader : wanted) {
            if (!byReader.containsKey(reader)) {
                throw new InputException(
                        table.name() + ", column reader",
                        "no such reader",
                        reader,
                        "the file has: " + byReader.keySet());
            }
        }
        if (!wanted.isEmpty()) {
            byReader.keySet().retainAll(wanted);
        }
        return ReadingMatrix.of(byReader);
    }

    private static ReadingMatrix ofWide(FileTable table, List<String> wanted) {
        table.unique("image_id");
        List<String> readers = wanted.isEmpty() ? table.columnsStartingWith("reader") : wanted;
        if (readers.size() < 2) {
            throw new InputException(
                    table.name(),
                    "fewer than two readers",
                    readers,
                    "give columns image_id, reader, grade, or image_id and one column per reader (reader1, reader2 ..., or"
                            + " name them: --readers A,B)");
        }
        table.require(readers.toArray(String[]::new));
        int[][] grades = new int[table.rows()][readers.size()];
        for (int r = 0; r < readers.size(); r++) {
            int[] column = table.gradeOrMissing(readers.get(r));
            for (int row = 0; row < column.length; row++) {
                grades[row][r] = column[row] == FileTable.MISSING ? ReadingMatrix.NOT_READ : column[row];
            }
        }
        return new ReadingMatrix(readers, List.of(table.text("image_id")), grades);
    }

    /** The JSON object of {@code agreement}. */
    public static Map<String, @Nullable Object> json(Agreement agreement) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("readers", agreement.readers());
        json.put("images", agreement.images());
        List<Object> pairs = new ArrayList<>();
        for (ReaderPair pair : agreement.pairs()) {
            Map<String, @Nullable Object> each = new LinkedHashMap<>();
            each.put("readers", List.of(pair.first(), pair.second()));
            each.put("images", pair.images());
            each.put("percent_agreement", pair.percentAgreement().value());
            each.put("kappa", pair.kappa().value());
            each.put("kappa_linear", pair.kappaLinear().value());
            each.put("kappa_quadratic", pair.kappaQuadratic().value());
            each.put("kappa_standard_error", pair.kappaError().value());
            each.put("kappa_linear_standard_error", pair.kappaLinearError().value());
            each.put(
                    "kappa_quadratic_standard_error", pair.kappaQuadraticError().value());
            pairs.add(each);
        }
        json.put("pairs", pairs);
        json.put("fleiss_kappa", agreement.fleissKappa().value());
        json.put(
                "krippendorff_alpha_ordinal",
                agreement.krippendorffAlphaOrdinal().value());
        json.put("icc1_1", agreement.intraclassCorrelation().icc11().value());
        json.put("icc2_1", agreement.intraclassCorrelation().icc21().value());
        json.put("icc3_1", agreement.intraclassCorrelation().icc31().value());
        json.put("notes", agreement.notes());
        return json;
    }

    /** For a terminal. */
    public static String text(Agreement agreement) {
        StringBuilder text = new StringBuilder();
        text.append(agreement.readers().size() + " readers, " + agreement.images() + " images\n\n");
        TextTable pairs = new TextTable(
                "readers", "images", "agreement", "kappa (s.e.)", "linear kappa (s.e.)", "quadratic kappa (s.e.)");
        for (ReaderPair pair : agreement.pairs()) {
            pairs.row(
                    pair.first() + ", " + pair.second(),
                    pair.images(),
                    EvaluationAnswer.number(pair.percentAgreement()),
                    withError(pair.kappa(), pair.kappaError()),
                    withError(pair.kappaLinear(), pair.kappaLinearError()),
                    withError(pair.kappaQuadratic(), pair.kappaQuadraticError()));
        }
        TextTable all = new TextTable("all readers", "value");
        all.row("Fleiss' kappa", EvaluationAnswer.number(agreement.fleissKappa()));
        all.row("Krippendorff's alpha, ordinal", EvaluationAnswer.number(agreement.krippendorffAlphaOrdinal()));
        all.row(
                "ICC(1,1)",
                EvaluationAnswer.number(agreement.intraclassCorrelation().icc11()));
        all.row(
                "ICC(2,1)",
                EvaluationAnswer.number(agreement.intraclassCorrelation().icc21()));
        all.row(
                "ICC(3,1)",
                EvaluationAnswer.number(agreement.intraclassCorrelation().icc31()));
        text.append(pairs.text()).append('\n').append(all.text());
        agreement.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }

    private static String withError(Figure figure, Figure error) {
        return figure.isDefined() ? EvaluationAnswer.number(figure) + " (" + EvaluationAnswer.number(error) + ")" : "-";
    }
}
