package io.patella.jobs.files;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.jobs.conf.Conf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A table that somebody gave as a file: CSV (RFC 4180 with a header, UTF-8 with or without a byte order mark) or, by the
 * suffix {@code .parquet}, Parquet (a file, or a folder of part files as Spark writes it). Columns may stand in any order;
 * those that nobody asks for are ignored. Texts are kept as they are, blanks and all.
 *
 * <pre>{@code
 * FileTable table = FileTable.read(file).require("image_id", "patient_id", "grade").unique("image_id");
 * String[] images = table.text("image_id");
 * int[] grades = table.grade("grade");
 * }</pre>
 *
 * Every refusal is an {@link InputException} naming file, line, column, value and the mend; all bad values of the columns
 * asked for in one call are reported together. Not thread-safe while reading; afterwards immutable.
 */
public final class FileTable {
    /** What {@link #gradeOrMissing} gives for an empty cell. */
    public static final int MISSING = -1;

    private final String name;
    private final boolean linesAreKnown;
    private final Map<String, TextColumn> columns;
    private final List<String> repeatedNames;
    private final int[] lines;
    private final int rows;

    /**
     * @param lines the line on which each row starts; empty when the format has no lines
     */
    FileTable(String name, List<String> header, List<TextColumn> values, int[] lines, int rows) {
        this.name = name;
        this.lines = lines;
        this.linesAreKnown = lines.length > 0;
        this.rows = rows;
        this.columns = new LinkedHashMap<>();
        this.repeatedNames = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            if (columns.putIfAbsent(header.get(i), values.get(i)) != null) {
                repeatedNames.add(header.get(i));
            }
        }
    }

    /**
     * Reads all of {@code file}.
     *
     * @throws InputException when there is no such file, it is neither CSV nor Parquet, or it has no rows
     */
    public static FileTable read(Path file) {
        if (!Files.exists(file)) {
            throw new InputException(file.toString(), "no such file", file.toAbsolutePath(), "check the path");
        }
        boolean parquet = isParquet(file);
        if (Files.isDirectory(file) && !parquet) {
            throw new InputException(file.toString(), "a folder, not a file", file, "give a CSV or a Parquet file");
        }
        FileTable table = parquet ? ParquetSource.read(file) : CsvSource.read(file);
        if (table.rows == 0) {
            throw new InputException(file.toString(), "no rows", "0 rows", "a header alone says nothing; add rows");
        }
        return table;
    }

    static boolean isParquet(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
    }

    /** Number of rows, at least one. */
    public int rows() {
        return rows;
    }

    /** The column names in the order of the file. */
    public List<String> columns() {
        return List.copyOf(columns.keySet());
    }

    /** The file's name as the user gave it. */
    public String name() {
        return name;
    }

    /** Whether there is such a column. */
    public boolean has(String column) {
        return columns.containsKey(column);
    }

    /** Whether all of these columns are there. */
    public boolean hasAll(List<String> wanted) {
        return columns.keySet().containsAll(wanted);
    }

    /** Where a value stands, for messages: {@code F.csv:17, column grade}. Rows count from 0, lines from 1. */
    public String where(int row, String column) {
        return (linesAreKnown ? name + ":" + lines[row] : name + ", row " + (row + 1)) + ", column " + column;
    }

    /** A collector for problems of single rows that this class does not know of. */
    public RowProblems problems() {
        return new RowProblems(this);
    }

    /**
     * Demands columns, all at once.
     *
     * @return this table
     * @throws InputException naming every missing column, with the nearest one that is there
     */
    public FileTable require(String... wanted) {
        List<String> problems = new ArrayList<>();
        for (String column : wanted) {
            if (!columns.containsKey(column)) {
                problems.add(new InputException(name, "no such column", column, hint(column)).getMessage());
            } else if (repeatedNames.contains(column)) {
                problems.add(new InputException(name, "column stands there twice", column, "rename one of the two")
                        .getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new InputException(String.join("\n", problems));
        }
        return this;
    }

    private String hint(String column) {
        if (columns.size() == 1) {
            String only = columns.keySet().iterator().next();
            if (only.contains(";") || only.contains("\t")) {
                return "the header reads as one column, \"" + only.replace("\t", "\\t")
                        + "\"; separate columns by commas";
            }
        }
        String nearest = Conf.nearest(column, columns.keySet());
        return "the nearest is " + nearest + "; the file has: " + String.join(", ", columns.keySet());
    }

    /**
     * Demands that no two rows are equal in all of these columns.
     *
     * @return this table
     * @throws InputException naming the rows that repeat an earlier one, and which
     */
    public FileTable unique(String... keys) {
        require(keys);
        List<TextColumn> parts = Arrays.stream(keys).map(this::column).toList();
        Map<Object, Integer> first = new HashMap<>(2 * rows);
        RowProblems problems = problems();
        String what = keys.length == 1 ? "given twice" : "the same " + String.join(", ", keys) + " twice";
        for (int row = 0; row < rows; row++) {
            int at = row;
            Object key = parts.size() == 1
                    ? parts.get(0).get(at)
                    : parts.stream().map(part -> part.get(at)).toList();
            Integer earlier = first.putIfAbsent(key, row);
            if (earlier != null) {
                String there = linesAreKnown ? "line " + lines[earlier] : "row " + (earlier + 1);
                problems.add(row, String.join(", ", keys), what, key, "it stands on " + there + " already; keep one");
            }
        }
        problems.refuseIfAny();
        return this;
    }

    /**
     * A column of texts, none empty.
     *
     * @throws InputException naming the empty cells
     */
    public String[] text(String name) {
        require(name);
        TextColumn column = column(name);
        RowProblems problems = problems();
        String[] values = new String[rows];
        for (int row = 0; row < rows; row++) {
            if (column.isEmpty(row)) {
                problems.add(row, name, "empty", "\"\"", "every row needs a value here");
            }
            values[row] = column.get(row);
        }
        problems.refuseIfAny();
        return values;
    }

    /** A column of texts; an empty cell is the empty text. */
    public String[] textOrEmpty(String name) {
        require(name);
        TextColumn column = column(name);
        String[] values = new String[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = column.get(row);
        }
        return values;
    }

    /**
     * A column of Kellgren-Lawrence grades, each 0..4. {@code 2.0} reads as 2 (tables that once had gaps are often written
     * so); 2.5, 5, -1, NaN and empty cells are refused.
     */
    public int[] grade(String name) {
        return grades(name, Gaps.REFUSED);
    }

    /** As {@link #grade}, with {@link #MISSING} for empty cells. */
    public int[] gradeOrMissing(String name) {
        return grades(name, Gaps.ALLOWED);
    }

    private int[] grades(String name, Gaps gaps) {
        require(name);
        TextColumn column = column(name);
        RowProblems problems = problems();
        int[] values = new int[rows];
        for (int row = 0; row < rows; row++) {
            if (column.isEmpty(row) && gaps == Gaps.ALLOWED) {
                values[row] = MISSING;
                continue;
            }
            String text = column.get(row);
            values[row] = gradeOf(text);
            if (values[row] < 0) {
                problems.add(
                        row,
                        name,
                        "not a grade 0..4",
                        text.isEmpty() ? "\"\"" : text,
                        "Kellgren-Lawrence grades are the whole numbers 0, 1, 2, 3, 4");
            }
        }
        problems.refuseIfAny();
        return values;
    }

    private enum Gaps {
        REFUSED,
        ALLOWED
    }

    /** The grade, or -1 when the text is none. */
    private static int gradeOf(String text) {
        if (text.isEmpty() || text.charAt(0) < '0' || text.charAt(0) >= '0' + Grade.COUNT) {
            return -1;
        }
        if (text.length() > 1) {
            if (text.charAt(1) != '.' || text.length() == 2) {
                return -1;
            }
            for (int i = 2; i < text.length(); i++) {
                if (text.charAt(i) != '0') {
                    return -1;
                }
            }
        }
        return text.charAt(0) - '0';
    }

    /** A column of parts: train, validation, test; {@code val} is validation. */
    public Part[] part(String name) {
        require(name);
        TextColumn column = column(name);
        RowProblems problems = problems();
        Part[] values = new Part[rows];
        for (int row = 0; row < rows; row++) {
            String text = column.get(row);
            try {
                values[row] = Part.parse(text, name);
            } catch (InputException e) {
                problems.add(row, name, "not a part", text.isEmpty() ? "\"\"" : text, "use train, validation or test");
            }
        }
        problems.refuseIfAny();
        return values;
    }

    /** A column of finite numbers in {@code minimum..maximum}, bounds included; empty cells are refused. */
    public double[] number(String name, double minimum, double maximum) {
        return numbers(List.of(name), minimum, maximum)[0];
    }

    /**
     * Several columns of finite numbers in {@code minimum..maximum}, bounds included; empty cells are refused.
     *
     * @return {@code [columns][rows]}
     * @throws InputException with the bad values of all these columns
     */
    public double[][] numbers(List<String> names, double minimum, double maximum) {
        require(names.toArray(String[]::new));
        RowProblems problems = problems();
        double[][] values = new double[names.size()][rows];
        List<TextColumn> wanted = names.stream().map(this::column).toList();
        for (int row = 0; row < rows; row++) {
            Wrong wrong = new Wrong();
            Wrong outside = new Wrong();
            for (int c = 0; c < values.length; c++) {
                String text = wanted.get(c).get(row);
                double value = numberOf(text);
                values[c][row] = value;
                if (!(value >= minimum && value <= maximum)) {
                    (Double.isNaN(value) ? wrong : outside).add(names.get(c), text);
                }
            }
            String mend = "give a finite number in " + minimum + ".." + maximum;
            wrong.noteIn(problems, row, "not a number", mend);
            outside.noteIn(problems, row, "outside " + minimum + ".." + maximum, mend);
        }
        problems.refuseIfAny();
        return values;
    }

    /** The cells of one row that are wrong in one way: one message, not one per column. */
    private static final class Wrong {
        private final List<String> names = new ArrayList<>();
        private final List<String> values = new ArrayList<>();

        void add(String name, String text) {
            names.add(name);
            values.add(text.isEmpty() ? "\"\"" : text);
        }

        void noteIn(RowProblems problems, int row, String what, String mend) {
            if (!names.isEmpty()) {
                problems.add(row, String.join(", ", names), what, String.join(", ", values), mend);
            }
        }
    }

    /** The number, or NaN when the text is none: no blanks, no words, no hexadecimal, as other programs read it. */
    private static double numberOf(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("0123456789.-+eE".indexOf(c) < 0) {
                return Double.NaN;
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** The columns whose names begin with {@code prefix}, in the order of the file. */
    public List<String> columnsStartingWith(String prefix) {
        return columns.keySet().stream().filter(each -> each.startsWith(prefix)).collect(Collectors.toList());
    }

    private TextColumn column(String name) {
        TextColumn column = columns.get(name);
        if (column == null) {
            throw new IllegalStateException("column not required before use: " + name);
        }
        return column;
    }
}
