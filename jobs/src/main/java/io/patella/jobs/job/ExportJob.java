package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.jobs.files.CsvOut;
import io.patella.jobs.files.JsonAnswer;
import io.patella.tables.View;
import io.patella.tables.row.TableDefinition;
import io.patella.tables.row.Tables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table, a view or the answer to a query as one CSV or Parquet file, with its codebook: {@code X.codebook.csv},
 * {@code X.codebook.json} and, for CSV, {@code X.do}, which reads and labels the file in Stata. Each file appears whole or
 * not at all, the data last.
 */
public final class ExportJob {
    private ExportJob() {}

    /**
     * What was written.
     *
     * @param file the data
     * @param codebook what its columns are
     * @param rows of the data
     * @param columns of the data
     */
    public record Exported(String file, String codebook, long rows, int columns) {}

    /**
     * Exports a table or view.
     *
     * @param name its name, such as {@code knee_grades}
     * @param out a file ending in .csv or .parquet, or a folder that exists (then {@code name.csv} in it)
     */
    public static Exported table(JobRun run, String name, Path out) {
        List<String> known = Stream.concat(
                        Tables.ALL.stream().map(TableDefinition::name),
                        View.ALL.stream().map(View::name))
                .toList();
        if (!known.contains(name)) {
            throw new InputException("--table", "no such table or view", name, "there are " + String.join(", ", known));
        }
        Dataset<Row> rows = Tables.ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .map(each -> run.warehouse().read(each))
                .orElseGet(() -> run.spark().table(name));
        return write(run, rows, comments(name), Files.isDirectory(out) ? out.resolve(name + ".csv") : out);
    }

    /**
     * Exports the answer to a query.
     *
     * @param out a file ending in .csv or .parquet, or a folder that exists (then {@code query.csv} in it)
     */
    public static Exported query(JobRun run, String sql, Path out) {
        Dataset<Row> rows = QueryJob.rows(run.spark(), sql);
        return write(run, rows, Map.of(), Files.isDirectory(out) ? out.resolve("query.csv") : out);
    }

    /** Comments by column; those of views do not travel with the rows of every Spark version. */
    private static Map<String, String> comments(String name) {
        return View.ALL.stream()
                .filter(view -> view.name().equals(name))
                .findFirst()
                .map(view -> Arrays.stream(view.schema().fields())
                        .collect(Collectors.toMap(
                                StructField::name, field -> field.getComment().get())))
                .orElse(Map.of());
    }

    private static Exported write(JobRun run, Dataset<Row> rows, Map<String, String> comments, Path out) {
        boolean parquet = isParquet(out);
        Path folder = out.toAbsolutePath().getParent();
        String file = String.valueOf(out.getFileName());
        if (!parquet && !file.toLowerCase(Locale.ROOT).endsWith(".csv")) {
            throw new InputException("--out", "neither .csv nor .parquet", out, "end the name in one of them");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new InputException("--out", "no such folder", folder == null ? out : folder, "make the folder first");
        }
        String stem = file.substring(0, file.lastIndexOf('.'));
        List<Variable> variables = Variable.of(rows.schema().fields(), comments);
        Dataset<Row> named = rows.toDF(variables.stream().map(Variable::name).toArray(String[]::new));
        if (!parquet) {
            refuseBytes(rows.schema().fields());
        }
        Path codebook = folder.resolve(stem + ".codebook.csv");
        CsvOut.write(
                codebook,
                List.of("position", "name", "type", "label", "column"),
                variables.stream().map(Variable::cells).toList());
        text(
                folder.resolve(stem + ".codebook.json"),
                JsonAnswer.text(Map.of("file", file, "variables", variables)) + "\n");
        run.phase("writing " + out);
        long count = parquet ? writeParquet(named, out, folder) : writeCsv(named, out);
        if (!parquet) {
            text(folder.resolve(stem + ".do"), stata(file, stem, variables));
        }
        run.count("rows", count);
        return new Exported(out.toString(), codebook.toString(), count, variables.size());
    }

    private static boolean isParquet(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
    }

    private static void refuseBytes(StructField[] fields) {
        for (StructField field : fields) {
            if (field.dataType() instanceof BinaryType) {
                throw new InputException(
                        "--out", "CSV cannot hold bytes", field.name(), "end the name in .parquet, or leave it out");
            }
        }
    }

    private static long writeCsv(Dataset<Row> rows, Path out) {
        long[] count = {0};
        Iterable<Row> all = rows::toLocalIterator;
        Iterable<List<String>> cells = () -> StreamSupport.stream(all.spliterator(), false)
                .peek(row -> count[0]++)
                .map(row -> QueryJob.values(row).stream().map(PlainValues::csv).toList())
                .iterator();
        CsvOut.write(out, List.of(rows.columns()), cells);
        return count[0];
    }

    /** Spark writes a folder; the one file in it becomes {@code out}. */
    private static long writeParquet(Dataset<Row> rows, Path out, Path folder) {
        Path draft = folder.resolve(
                "." + out.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            rows.coalesce(1).write().parquet(draft.toUri().toString());
            Path part;
            try (Stream<Path> written = Files.list(draft)) {
                part = written.filter(ExportJob::isParquet).findFirst().orElseThrow();
            }
            long count =
                    rows.sparkSession().read().parquet(part.toUri().toString()).count();
            Files.move(part, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return count;
        } catch (IOException e) {
            throw new InputException("--out", "not writable", out, e.toString());
        } finally {
            delete(draft);
        }
    }

    private static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new InputException("--out", "not removable", folder, e.toString());
        }
    }

    private static void text(Path file, String text) {
        Path draft = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.writeString(draft, text, StandardCharsets.UTF_8);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new InputException("--out", "not writable", file, e.toString());
        }
    }

    /** A Stata do-file: read, label. */
    private static String stata(String file, String stem, List<Variable> variables) {
        StringBuilder text = new StringBuilder("* Reads " + file + " and labels its variables.\n");
        List<String> strings = variables.stream()
                .filter(each -> !each.isNumber())
                .map(each -> Integer.toString(each.position()))
                .toList();
        text.append("import delimited using \"")
                .append(file)
                .append("\", varnames(1) case(preserve) encoding(\"UTF-8\")");
        if (!strings.isEmpty()) {
            text.append(" stringcols(").append(String.join(" ", strings)).append(")");
        }
        text.append(" clear\n");
        for (Variable each : variables) {
            text.append("label variable ")
                    .append(each.name())
                    .append(" `\"")
                    .append(each.shortLabel())
                    .append("\"'\n");
        }
        return text.append("save \"").append(stem).append(".dta\", replace\n").toString();
    }

    /**
     * A line of the codebook.
     *
     * @param position from 1
     * @param name in the file: letters, digits and underscores, at most 32, as Stata wants them
     * @param type the SQL type
     * @param label what the column is
     * @param column the name in the table or query
     */
    record Variable(int position, String name, String type, String label, String column) {
        private static final List<String> RESERVED = List.of(
                "_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_pi",
                "_pred", "_rc", "_skip", "str", "strl", "using", "with");

        static List<Variable> of(StructField[] fields, Map<String, String> comments) {
            Map<String, Integer> taken = new LinkedHashMap<>();
            List<Variable> variables = new ArrayList<>();
            for (StructField field : fields) {
                @Nullable String comment = comments.get(field.name());
                if (comment == null && field.getComment().isDefined()) {
                    comment = field.getComment().get();
                }
                variables.add(new Variable(
                        variables.size() + 1,
                        unique(stataName(field.name()), taken),
                        field.dataType().sql().toLowerCase(Locale.ROOT),
                        comment == null ? "" : comment,
                        field.name()));
            }
            return List.copyOf(variables);
        }

        static String stataName(String column) {
            String name = column.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_+|_+$", "");
            if (name.isEmpty()
                    || !Character.isLetter(name.charAt(0))
                    || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                name = "v_" + name;
            }
            return name.length() > 32 ? name.substring(0, 32) : name;
        }

        private static String unique(String name, Map<String, Integer> taken) {
            int before = taken.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum) - 1;
            if (before == 0) {
                return name;
            }
            String suffix = "_" + (before + 1);
            String cut = name.substring(0, Math.min(name.length(), 32 - suffix.length()));
            return unique(cut + suffix, taken);
        }

        List<Object> cells() {
            return List.of(position, name, type, label, column);
        }

        boolean isNumber() {
            return Stream.of("int", "bigint", "smallint", "tinyint", "double", "float", "decimal")
                    .anyMatch(type::startsWith);
        }

        /** Stata keeps 80 characters. */
        String shortLabel() {
            String line = label.replaceAll("[\\s`\"']+", " ");
            return line.length() > 80 ? line.substring(0, 80) : line;
        }
    }
}
