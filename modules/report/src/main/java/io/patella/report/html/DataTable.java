package io.patella.report.html;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A table with its caption and its rows as CSV behind a link. The first column names the row. Columns that hold
 * intervals become three columns of CSV, with {@code lower} and {@code upper} after their names.
 */
public final class DataTable {
    private static final int LONG_WORD = 32;

    private final String caption;
    private final List<Column> columns = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private @Nullable String drawnHead;
    private @Nullable Markup foot;

    private record Column(String head, boolean interval, String style) {}

    /** A heading inside the table has no cells. */
    private record Row(
            @Nullable String heading,
            List<Cell> cells,
            @Nullable Markup drawing) {}

    private DataTable(String caption) {
        this.caption = caption;
    }

    /** Starts a table; the caption also names the CSV file. */
    public static DataTable captioned(String caption) {
        return new DataTable(caption);
    }

    /** Adds plain columns. */
    public DataTable columns(String... heads) {
        Arrays.stream(heads).forEach(head -> columns.add(new Column(head, false, "")));
        return this;
    }

    /** Adds a column that narrow screens leave out; the CSV keeps it. */
    public DataTable minorColumn(String head) {
        columns.add(new Column(head, false, "minor"));
        return this;
    }

    /** Adds columns of figures with intervals. */
    public DataTable intervals(String... heads) {
        Arrays.stream(heads).forEach(head -> columns.add(new Column(head, true, "")));
        return this;
    }

    /** Adds a last column of drawings, which the CSV leaves out. */
    public DataTable drawn(String head) {
        drawnHead = head;
        return this;
    }

    /** Adds a row. */
    public DataTable row(Cell... cells) {
        return row(List.of(cells));
    }

    /** Adds a row. */
    public DataTable row(List<Cell> cells) {
        rows.add(new Row(null, checked(cells), null));
        return this;
    }

    /** Adds a row with its drawing. */
    public DataTable row(Markup drawing, Cell... cells) {
        rows.add(new Row(null, checked(List.of(cells)), drawing));
        return this;
    }

    /** Adds a line that names the rows below; in the CSV they carry it in a column {@code group}. */
    public DataTable heading(String text) {
        rows.add(new Row(text, List.of(), null));
        return this;
    }

    /** Sets what stands under the column of drawings: their axis. */
    public DataTable foot(Markup axis) {
        foot = axis;
        return this;
    }

    /** Whether it has no row. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The table as markup. */
    public Markup markup() {
        Markup html = new Markup();
        html.open("div", "class", "table");
        html.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", caption);
        html.open("table");
        html.open("caption").text(caption).text(" ");
        Csv.link(html, caption, csv());
        html.close();
        html.open("thead").open("tr");
        boolean first = true;
        for (int c = 0; c < columns.size(); c++) {
            html.leaf("th", columns.get(c).head(), "scope", "col", "class", style(c, first ? "" : alignment(c)));
            first = false;
        }
        if (drawnHead != null) {
            html.leaf("th", drawnHead, "scope", "col", "class", "drawn");
        }
        html.close().close();
        html.open("tbody");
        rows.forEach(row -> row(html, row));
        html.close();
        if (foot != null) {
            html.open("tfoot").open("tr");
            for (Column column : columns) {
                html.open("td", "class", column.style()).close();
            }
            html.open("td", "class", "drawn").append(foot).close().close().close();
        }
        html.close().close().close();
        return html;
    }

    private void row(Markup html, Row row) {
        html.open("tr");
        if (row.heading() != null) {
            int width = columns.size() + (drawnHead == null ? 0 : 1);
            html.leaf("th", row.heading(), "class", "group", "scope", "rowgroup", "colspan", Integer.toString(width));
        }
        for (int c = 0; c < row.cells().size(); c++) {
            Cell cell = row.cells().get(c);
            if (c == 0) {
                html.open("th", "scope", "row");
            } else {
                html.open("td", "class", style(c, cell.numeric() ? "number" : hasLongWord(cell) ? "long" : ""));
            }
            html.text(cell.shown());
            if (!cell.aside().isEmpty()) {
                html.text(" ").leaf("span", cell.aside(), "class", "aside");
            }
            html.close();
        }
        if (drawnHead != null && row.heading() == null) {
            html.open("td", "class", "drawn");
            if (row.drawing() != null) {
                html.append(row.drawing());
            }
            html.close();
        }
        html.close();
    }

    /** Hashes and the like would push a table off the page: they may be broken anywhere. */
    private static boolean hasLongWord(Cell cell) {
        return Arrays.stream(cell.shown().split("\\s", -1)).anyMatch(word -> word.length() > LONG_WORD);
    }

    private String style(int column, String alignment) {
        return (columns.get(column).style() + " " + alignment).trim();
    }

    /** A head stands over its numbers on their side. */
    private String alignment(int column) {
        return rows.stream()
                        .filter(row -> row.heading() == null)
                        .allMatch(row -> row.cells().get(column).numeric())
                ? "number"
                : "";
    }

    private List<Cell> checked(List<Cell> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(
                    caption + ": " + cells.size() + " cells for " + columns.size() + " columns");
        }
        return cells;
    }

    /** The rows as RFC 4180. */
    String csv() {
        boolean grouped = rows.stream().anyMatch(row -> row.heading() != null);
        List<String> head = new ArrayList<>();
        if (grouped) {
            head.add("group");
        }
        for (Column column : columns) {
            head.add(column.head());
            if (column.interval()) {
                head.add(column.head() + " lower");
                head.add(column.head() + " upper");
            }
        }
        StringBuilder csv = new StringBuilder(Csv.line(head));
        String group = "";
        for (Row row : rows) {
            if (row.heading() != null) {
                group = row.heading();
                continue;
            }
            List<String> fields = new ArrayList<>();
            if (grouped) {
                fields.add(group);
            }
            for (int c = 0; c < columns.size(); c++) {
                List<String> exact = row.cells().get(c).exact();
                int width = columns.get(c).interval() ? 3 : 1;
                for (int i = 0; i < width; i++) {
                    fields.add(i < exact.size() ? exact.get(i) : "");
                }
            }
            csv.append(Csv.line(fields));
        }
        return csv.toString();
    }

    /** A caption as a file name: lower case letters, digits and hyphens. */
    static String fileName(String caption) {
        String name = caption.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", "-")
                .replaceAll("^-|-$", "");
        return name.isEmpty() ? "table" : name;
    }
}
