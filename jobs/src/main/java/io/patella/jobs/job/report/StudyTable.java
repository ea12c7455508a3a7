package io.patella.jobs.job.report;

import io.patella.cohort.InputException;
import io.patella.report.facts.Estimate;
import io.patella.report.facts.Tabulation;
import io.patella.report.facts.Value;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A study's table from a CSV file, in the convention of the page's own downloads: a column {@code X} with {@code X lower} and
 * {@code X upper} beside it is a figure with its interval. The file's name is the title, so {@code label-efficiency.csv}
 * becomes "Label efficiency".
 */
final class StudyTable {
    private StudyTable() {}

    /**
     * Reads the file.
     *
     * @throws InputException when it is missing, no CSV, or its rows have another length than its header
     */
    static Tabulation read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InputException("--table", "no such file", file, "give the CSV that a study wrote");
        }
        List<CSVRecord> records;
        try (CSVParser parser = CSVParser.builder()
                .setReader(Files.newBufferedReader(file))
                .setFormat(CSVFormat.RFC4180)
                .get()) {
            records = parser.getRecords();
        } catch (MalformedInputException e) {
            throw new InputException(file.toString(), "not UTF-8", e.getMessage(), "save it as UTF-8");
        } catch (IOException e) {
            throw new InputException(file.toString(), "not readable as CSV", e.getMessage(), "write RFC 4180");
        }
        if (records.isEmpty()) {
            throw new InputException(file.toString(), "empty file", "0 lines", "the first line names the columns");
        }
        List<String> head = records.get(0).toList();
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int c = 0; c < head.size(); c++) {
            places.put(head.get(c), c);
        }
        List<String> columns =
                head.stream().filter(column -> !isBound(column, places)).toList();
        List<List<Value>> rows = new ArrayList<>();
        for (CSVRecord record : records.subList(1, records.size())) {
            if (record.size() != head.size()) {
                throw new InputException(
                        file + ":" + record.getRecordNumber(),
                        "another number of fields than the header",
                        record.size() + " instead of " + head.size(),
                        "write empty fields as ,,");
            }
            rows.add(columns.stream()
                    .map(column -> value(record, column, places))
                    .toList());
        }
        return new Tabulation("Studies", title(file), "", columns, rows, List.of());
    }

    /** "QWK lower" belongs to "QWK" where that is a column too. */
    private static boolean isBound(String column, Map<String, Integer> places) {
        return (column.endsWith(" lower") || column.endsWith(" upper"))
                && places.containsKey(column.substring(0, column.length() - " lower".length()));
    }

    private static Value value(CSVRecord record, String column, Map<String, Integer> places) {
        String text = record.get(places.getOrDefault(column, 0));
        Integer lower = places.get(column + " lower");
        Integer upper = places.get(column + " upper");
        if (lower != null && upper != null) {
            return new Estimate(number(text), number(record.get(lower)), number(record.get(upper)));
        }
        if (text.matches("-?[0-9]{1,15}")) {
            return Value.count(Long.parseLong(text));
        }
        Double number = number(text);
        return number == null ? Value.words(text) : Estimate.of(number);
    }

    private static @Nullable Double number(String text) {
        try {
            double number = Double.parseDouble(text);
            return Double.isFinite(number) ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String title(Path file) {
        String name = String.valueOf(file.getFileName())
                .replaceFirst("\\.[^.]*$", "")
                .replace('-', ' ')
                .replace('_', ' ');
        return name.isEmpty() ? "Study" : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
