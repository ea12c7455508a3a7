package io.patella.jobs.cli;

import io.patella.cohort.InputException;
import io.patella.jobs.job.QueryJob;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code patella query "select ..."}. */
@Command(
        name = "query",
        description = "Answers SQL on the tables and views; reads only.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "  patella query \"show tables\"",
            "  patella query \"describe knee_grades\"",
            "  patella query \"select cohort, reference_grade, count(*) from knee_grades group by all order by all\""
        })
@SuppressWarnings("NullAway.Init") // picocli injects
final class QueryCommand implements Callable<Integer> {
    private static final int PAGE = 100;

    @Parameters(paramLabel = "SQL", description = "A query over the names that `show tables` lists.")
    private String sql;

    @Option(names = "--format", description = "How to print: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private QueryJob.Format format = QueryJob.Format.TEXT;

    @Option(names = "--json", description = "The same as --format json: one JSON object.")
    private boolean json;

    @Option(names = "--csv", description = "The same as --format csv.")
    private boolean csv;

    @Option(
            names = "--limit",
            description = "Print at most so many rows; 0 for all. Default: " + PAGE + " as text, else all.")
    private @Nullable Integer limit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (limit != null && limit < 0) {
            throw new InputException("--limit", "below 0", limit, "0 prints all rows");
        }
        QueryJob.Format chosen = json ? QueryJob.Format.JSON : csv ? QueryJob.Format.CSV : format;
        int rows = limit != null ? limit : chosen == QueryJob.Format.TEXT ? PAGE : 0;
        QueryJob.open()
                .print(
                        sql,
                        chosen,
                        rows,
                        terminalWidth(),
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr());
        return Patella.DONE;
    }

    private static int terminalWidth() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[1-9][0-9]{1,4}") ? Integer.parseInt(columns) : 120;
    }
}
