package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.evaluating.StatisticsFunctions;
import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.files.TextTable;
import io.patella.tables.Warehouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.jspecify.annotations.Nullable;

/**
 * Answers SQL on the tables and views. Reads only: a statement that would write is refused. Leaves no row in {@code runs},
 * since it changes nothing.
 */
public final class QueryJob {
    /** How an answer is printed. */
    public enum Format {
        /** For people: aligned columns, or one line a value when the columns do not fit. */
        TEXT,
        /** RFC 4180 with a header. */
        CSV,
        /** One object: {@code {"columns":[{"name","type"}],"rows":[{..}],"complete":true}}. */
        JSON
    }

    private static final List<String> LOOKING = List.of("show", "describe", "desc", "explain");
    private static final List<String> ASKING = List.of("select", "with", "values", "table", "from");
    private static final int LONGEST_CELL = 48;

    private final Warehouse warehouse;

    private QueryJob(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** On the warehouse that Spark's configuration names; the query may use {@link StatisticsFunctions}. */
    public static QueryJob open() {
        Warehouse warehouse = Warehouse.openExisting(JobRun.session());
        StatisticsFunctions.register(warehouse.spark());
        return new QueryJob(warehouse);
    }

    /**
     * Prints the answer to a query.
     *
     * @param limit rows at most; 0 for all
     * @param width columns of the terminal
     * @param log where it is said that there would be more rows
     * @throws InputException when the query is no SQL, names what is not there, or would write
     */
    public void print(String sql, Format format, int limit, int width, PrintWriter out, PrintWriter log) {
        Dataset<Row> answer = rows(warehouse.spark(), sql);
        Iterator<Row> rows = answer.toLocalIterator();
        List<Row> shown = new ArrayList<>();
        if (format == Format.CSV) {
            printCsv(answer.columns(), rows, limit, out);
        } else {
            while (rows.hasNext() && (limit == 0 || shown.size() < limit)) {
                shown.add(rows.next());
            }
            if (format == Format.JSON) {
                printJson(answer, shown, !rows.hasNext(), out);
            } else {
                out.print(text(answer.columns(), shown, width));
            }
        }
        out.flush();
        if (rows.hasNext()) {
            log.println("the first " + limit + " rows; --limit 0 shows all");
        }
    }

    /** The rows of a query that reads. */
    static Dataset<Row> rows(SparkSession spark, String sql) {
        try {
            String first = firstWord(sql);
            if (!LOOKING.contains(first)) {
                demandReading(spark, sql, first);
            }
            return spark.sql(sql);
        } catch (Exception e) {
            if (e instanceof ParseException) {
                throw new InputException("query", "not SQL that Spark understands", sql, problem(e));
            }
            if (e instanceof org.apache.spark.sql.AnalysisException) {
                throw new InputException(
                        "query",
                        "cannot be answered",
                        sql,
                        problem(e) + " See: patella query \"show tables\", \"show views\", \"describe NAME\"");
            }
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    /** The first word behind comments and parentheses, in lower case. */
    private static String firstWord(String sql) {
        return sql.replaceAll("(?s)/\\*.*?\\*/|--[^\n]*", " ")
                .replaceFirst("^[\\s(]+", "")
                .split("[\\s(]+", 2)[0]
                .toLowerCase(Locale.ROOT);
    }

    /** Both are needed: a with may lead to an insert, and a call is no command to Spark though it may remove snapshots. */
    private static void demandReading(SparkSession spark, String sql, String first) throws ParseException {
        LogicalPlan plan = ((org.apache.spark.sql.classic.SparkSession) spark)
                .sessionState()
                .sqlParser()
                .parsePlan(sql);
        if (!ASKING.contains(first)
                || plan.find(node -> node instanceof Command || node instanceof ParsedStatement)
                        .isDefined()) {
            throw new InputException(
                    "query",
                    "would change something",
                    sql,
                    "patella query only reads: select, show, describe, explain");
        }
    }

    private static void printCsv(String[] columns, Iterator<Row> rows, int limit, PrintWriter out) {
        try {
            CSVPrinter csv = new CSVPrinter(
                    out, CSVFormat.RFC4180.builder().setRecordSeparator('\n').get());
            csv.printRecord(Arrays.asList(columns));
            for (int i = 0; rows.hasNext() && (limit == 0 || i < limit); i++) {
                csv.printRecord(
                        values(rows.next()).stream().map(PlainValues::csv).toList());
            }
            csv.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void printJson(Dataset<Row> answer, List<Row> rows, boolean complete, PrintWriter out) {
        List<Map<String, String>> columns = Arrays.stream(answer.schema().fields())
                .map(field -> {
                    Map<String, String> column = new LinkedHashMap<>();
                    column.put("name", field.name());
                    column.put("type", field.dataType().sql().toLowerCase(Locale.ROOT));
                    return column;
                })
                .toList();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("columns", columns);
        object.put("rows", rows.stream().map(row -> PlainValues.plain(row)).toList());
        object.put("complete", complete);
        JsonAnswer.print(object, out);
    }

    /** Aligned columns where they fit into {@code width}; else one line a value, so that nothing is cut. */
    static String text(String[] columns, List<Row> rows, int width) {
        TextTable table = new TextTable(columns);
        int longest = 0;
        for (Row row : rows) {
            List<String> cells = values(row).stream().map(PlainValues::readable).toList();
            longest = Math.max(
                    longest, cells.stream().mapToInt(String::length).max().orElse(0));
            table.row(cells.toArray());
        }
        String aligned = table.text();
        int widest = aligned.lines().mapToInt(String::length).max().orElse(0);
        String counted = rows.size() == 1 ? "1 row\n" : rows.size() + " rows\n";
        if (rows.isEmpty() || widest <= width || (longest <= LONGEST_CELL && columns.length == 1)) {
            return aligned + counted;
        }
        int label = Arrays.stream(columns).mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            text.append("row ").append(r + 1).append('\n');
            List<@Nullable Object> values = values(rows.get(r));
            for (int c = 0; c < columns.length; c++) {
                text.append("  ")
                        .append(columns[c])
                        .append(" ".repeat(label - columns[c].length() + 2))
                        .append(PlainValues.readable(values.get(c)))
                        .append('\n');
            }
        }
        return text + counted;
    }

    static List<@Nullable Object> values(Row row) {
        List<@Nullable Object> values = new ArrayList<>(row.length());
        for (int i = 0; i < row.length(); i++) {
            values.add(row.get(i));
        }
        return values;
    }

    private static String problem(Exception e) {
        String message = e.getMessage();
        return message == null
                ? e.toString()
                : message.strip().lines().findFirst().orElse("").replaceFirst(" SQLSTATE: \\w+$", "");
    }
}
