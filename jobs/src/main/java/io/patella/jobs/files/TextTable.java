package io.patella.jobs.files;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in aligned columns, for a terminal: a header, a rule, and the rows; numbers to the right. */
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these column names. */
    public TextTable(String... header) {
        rows.add(List.of(header));
    }

    /** Adds a row; {@code cells} are as many as the header has. */
    public TextTable row(Object... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells in a table of " + rows.get(0).size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    /** The lines, each ended by a line break. */
    public String text() {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        boolean[] right = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            int column = c;
            widths[c] = rows.stream()
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0);
            right[c] = rows.size() > 1
                    && rows.stream().skip(1).allMatch(row -> row.get(column).matches("-?[0-9][0-9.,]*"));
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String cell = rows.get(r).get(c);
                String blanks = " ".repeat(widths[c] - cell.length());
                line.append(right[c] ? blanks + cell : cell + blanks).append(c < columns - 1 ? "  " : "");
            }
            text.append(line.toString().stripTrailing()).append('\n');
            if (r == 0) {
                text.append("-".repeat(line.length())).append('\n');
            }
        }
        return text.toString();
    }
}
