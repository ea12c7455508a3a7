package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of {@code runs}; the comments of {@link #TABLE} say what each component is. */
public record RunRow(
        String runId,
        String job,
        @Nullable String cohort,
        String conf,
        Map<String, String> versions,
        @Nullable String commit,
        Map<String, Long> snapshotsRead,
        Map<String, Long> snapshotsWritten,
        Instant startedAt,
        Instant endedAt,
        String outcome,
        @Nullable String message,
        Map<String, Long> counts) {
    /** The outcome of a run that did all it was asked to. */
    public static final String DONE = "done";

    /** The outcome of a run that ended early; what it had committed stays. */
    public static final String FAILED = "failed";

    /** The outcome of a run that did its work and found that a demand on the result is not met. */
    public static final String GATE_NOT_MET = "gate_not_met";

    /** Written when a run ends; a run that was killed has no row. */
    public static final TableDefinition<RunRow> TABLE = TableDefinition.of(
                    "runs", "One run of one job: what it read, did and wrote", RunRow::decode)
            .key("run_id", StringType, "The run", RunRow::runId)
            .required("job", StringType, "The command, such as ingest", RunRow::job)
            .optional("cohort", StringType, Words.COHORT + "; null when the job is not about one", RunRow::cohort)
            .required("conf", StringType, "Arguments and configuration, JSON", RunRow::conf)
            .required("versions", Words.TEXT_BY_NAME, "Versions of patella, java, spark, iceberg", RunRow::versions)
            .optional("commit", StringType, "Commit that Patella was built from, where known", RunRow::commit)
            .required(
                    "snapshots_read",
                    Words.COUNT_BY_NAME,
                    "Table name to the Iceberg snapshot first read of it",
                    RunRow::snapshotsRead)
            .required(
                    "snapshots_written",
                    Words.COUNT_BY_NAME,
                    "Table name to the Iceberg snapshot last written to it",
                    RunRow::snapshotsWritten)
            .required("started_at", TimestampType, "Start", RunRow::startedAt)
            .required("ended_at", TimestampType, "End", RunRow::endedAt)
            .required("outcome", StringType, "done, failed or gate_not_met", RunRow::outcome)
            .optional("message", StringType, "Why the run did not end as done", RunRow::message)
            .required("counts", Words.COUNT_BY_NAME, "What was counted, such as images, quarantined", RunRow::counts);

    public RunRow {
        versions = Map.copyOf(versions);
        snapshotsRead = Map.copyOf(snapshotsRead);
        snapshotsWritten = Map.copyOf(snapshotsWritten);
        counts = Map.copyOf(counts);
        startedAt = startedAt.truncatedTo(ChronoUnit.MICROS);
        endedAt = endedAt.truncatedTo(ChronoUnit.MICROS);
    }

    private static RunRow decode(Cells cells) {
        return new RunRow(
                cells.text(),
                cells.text(),
                cells.optionalText(),
                cells.text(),
                cells.textMap(),
                cells.optionalText(),
                cells.bigintMap(),
                cells.bigintMap(),
                cells.instant(),
                cells.instant(),
                cells.text(),
                cells.optionalText(),
                cells.bigintMap());
    }
}
