package io.patella.jobs.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of patients or radiographs beside the tables (sex, age band, centre), for subgroups: a CSV or Parquet file with
 * {@code patient_id} or {@code image_id}, one row each.
 *
 * @param key patient_id or image_id
 * @param columns names of the other columns that were asked for
 * @param rows the key and the values of {@code columns}, empty where unknown
 */
public record Covariates(String key, List<String> columns, List<List<String>> rows) {
    public Covariates {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * Reads those of {@code wanted} that the file has; its key is {@code image_id} where it has that column.
     *
     * @throws io.patella.cohort.InputException when it has neither key, a key twice, or none of the columns
     */
    public static Covariates read(Path file, List<String> wanted) {
        FileTable table = FileTable.read(file);
        String key = table.has("image_id") ? "image_id" : "patient_id";
        List<String> columns = wanted.stream().filter(table::has).toList();
        if (columns.isEmpty()) {
            table.require(wanted.toArray(String[]::new));
        }
        table.require(key).unique(key);
        String[] keys = table.text(key);
        List<String[]> values = columns.stream().map(table::textOrEmpty).toList();
        List<List<String>> rows = new ArrayList<>();
        for (int row = 0; row < keys.length; row++) {
            List<String> cells = new ArrayList<>();
            cells.add(keys[row]);
            for (String[] column : values) {
                cells.add(column[row]);
            }
            rows.add(List.copyOf(cells));
        }
        return new Covariates(key, columns, rows);
    }
}
