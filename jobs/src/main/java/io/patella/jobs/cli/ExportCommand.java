package io.patella.jobs.cli;

import io.patella.jobs.job.ExportJob;
import io.patella.jobs.job.JobRun;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella export --table T|--query Q --out F.csv|F.parquet}. */
@Command(
        name = "export",
        description = "Writes a table, a view or the answer to a query as CSV or Parquet, with its codebook.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class ExportCommand implements Callable<Integer> {
    /** What to export: one of the two. */
    static final class Source {
        @Option(names = "--table", paramLabel = "NAME", description = "A table or view, such as knee_grades.")
        private @Nullable String table;

        @Option(names = "--query", paramLabel = "SQL", description = "A query over tables and views.")
        private @Nullable String query;
    }

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--out",
            paramLabel = "FILE|FOLDER",
            required = true,
            description = "A file ending in .csv or .parquet, or a folder (then CSV, under the table's name).")
    private Path out;

    @Mixin
    private AnswerOptions answer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String what = source.table != null ? source.table : String.valueOf(source.query);
        ExportJob.Exported exported = JobRun.reading(
                        "export",
                        null,
                        Map.of("source", what, "out", out.toString()),
                        spec.commandLine().getErr())
                .run(run -> source.table != null
                        ? ExportJob.table(run, source.table, out)
                        : ExportJob.query(run, what, out));
        answer.print(
                () -> exported,
                () -> exported.rows() + " rows, " + exported.columns() + " columns: " + exported.file() + " (codebook: "
                        + exported.codebook() + ")\n");
        return Patella.DONE;
    }
}
