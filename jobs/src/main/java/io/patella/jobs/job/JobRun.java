package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.jobs.files.JsonAnswer;
import io.patella.tables.Warehouse;
import io.patella.tables.Written;
import io.patella.tables.row.RunRow;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * One run of one job, the frame that all jobs share: says at once that it has begun, opens Spark and the warehouse, writes
 * one line per phase with the seconds since the start, and leaves a row in {@code runs} whether the work succeeds or not.
 *
 * <pre>{@code
 * JobRun.of("consensus", cohort, conf, err).run(run -> {
 *     run.phase("reading the readings of " + cohort);
 *     run.count("kept", kept);
 *     run.next("patella split --cohort " + cohort);
 *     return report;
 * });
 * }</pre>
 */
public final class JobRun {
    /** What a job does within its frame. */
    @FunctionalInterface
    public interface Work<R> {
        R in(JobRun run) throws Exception;
    }

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Exit code after Ctrl-C, as shells give it. */
    public static final int INTERRUPTED = 130;

    private final String job;
    private final @Nullable String cohort;
    private final Object conf;
    private final boolean readsOnly;
    private final PrintWriter log;
    private final Instant startedAt = Instant.now();
    private final String id;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private @Nullable Warehouse warehouse;
    private @Nullable String next;
    private @Nullable String gate;
    private @Nullable String endedEarly;
    private volatile boolean ended;

    private JobRun(String job, @Nullable String cohort, Object conf, boolean readsOnly, PrintWriter log) {
        this.job = job;
        this.cohort = cohort;
        this.conf = conf;
        this.readsOnly = readsOnly;
        this.log = log;
        this.id = STAMP.format(startedAt) + "-" + job + "-"
                + String.format(Locale.ROOT, "%06x", new SecureRandom().nextInt(1 << 24));
    }

    /**
     * A run about to start.
     *
     * @param job the command's word
     * @param cohort what it is about; null when not about one cohort
     * @param conf arguments and configuration, a record or map; stands in {@code runs.conf} as JSON
     * @param log where progress goes; standard error of the command
     */
    public static JobRun of(String job, @Nullable String cohort, Object conf, PrintWriter log) {
        return new JobRun(job, cohort, conf, false, log);
    }

    /** As {@link #of} for a job that needs tables to read: a warehouse that is not there is an error, not made. */
    public static JobRun reading(String job, @Nullable String cohort, Object conf, PrintWriter log) {
        return new JobRun(job, cohort, conf, true, log);
    }

    /**
     * Does the work.
     *
     * @return what the work returns
     * @throws InputException when the work found a mistake of the user, on the driver or in a task
     */
    public <R> R run(Work<R> work) {
        try {
            return framed(work);
        } finally {
            ended = true;
        }
    }

    private <R> R framed(Work<R> work) {
        phase("starting Spark");
        SparkSession spark = session();
        Warehouse opened = readsOnly ? Warehouse.openExisting(spark) : Warehouse.open(spark);
        warehouse = opened;
        Progress progress = Progress.of(spark, job, log);
        R result;
        try {
            result = work.in(this);
        } catch (Exception e) {
            RuntimeException failure = unwrapped(e);
            try {
                record(opened, RunRow.FAILED, firstLine(failure));
            } catch (RuntimeException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        } finally {
            progress.close();
        }
        if (endedEarly != null) {
            record(opened, RunRow.FAILED, endedEarly);
            phase("ended early; run " + id);
            return result;
        }
        record(opened, gate == null ? RunRow.DONE : RunRow.GATE_NOT_MET, gate);
        phase("done; run " + id);
        return result;
    }

    /**
     * The session of this process, by what launcher or cluster set. Spark's front door ({@code SparkSession.builder()}) looks for this very
     * class by Scala's reflection, whose universe every start would have to build.
     */
    static SparkSession session() {
        return org.apache.spark.sql.classic.SparkSession.builder().getOrCreate();
    }

    /** Identifies the run; stands in every row that it writes. Later runs sort behind earlier ones. */
    public String id() {
        return id;
    }

    /** When the run began. */
    public Instant startedAt() {
        return startedAt;
    }

    /** The tables; remembers for the {@code runs} row which snapshots were read and written. */
    public Warehouse warehouse() {
        if (warehouse == null) {
            throw new IllegalStateException("the run has not opened its warehouse yet");
        }
        return warehouse;
    }

    /** The Spark session of the warehouse. */
    public SparkSession spark() {
        return warehouse().spark();
    }

    /** Says on one line what is done now, with the seconds since the start. */
    public void phase(String what) {
        double seconds = Duration.between(startedAt, Instant.now()).toMillis() / 1000.0;
        log.println(String.format(Locale.ROOT, "[%6.1f s] %s: %s", seconds, job, what));
        log.flush();
    }

    /** Keeps a count for the {@code runs} row. */
    public void count(String what, long number) {
        counts.put(what, number);
    }

    /** Keeps the rows written as the count of the table's name, and passes {@code written} on. */
    public Written count(Written written) {
        counts.merge(written.table() + "_written", written.rows(), Long::sum);
        return written;
    }

    /** The counts kept so far, in the order in which they came. */
    public Map<String, Long> counts() {
        return counts;
    }

    /** The run ends as one whose gate was not met, for this reason; what it wrote stays. */
    public void gateNotMet(String reason) {
        gate = reason;
    }

    /**
     * The run ends as one that did not do all it was asked to, for this reason; what it wrote stays. Its row in {@code runs} is written
     * if the process lives long enough.
     */
    public void endedEarly(String reason) {
        endedEarly = reason;
    }

    /**
     * From now on Ctrl-C and SIGTERM call {@code stop} instead of ending the process: for work that then saves and returns. A second one
     * ends it at once; after this run has ended they end it as usual.
     */
    public void onInterrupt(Runnable stop) {
        AtomicBoolean heard = new AtomicBoolean();
        for (String signal : List.of(IrqHandler.CONTROL_C, IrqHandler.SIGTERM)) {
            try {
                new IrqHandler(signal, interrupt -> {
                            if (ended) {
                                Runtime.getRuntime().exit(INTERRUPTED);
                            }
                            if (heard.getAndSet(true)) {
                                Runtime.getRuntime().halt(INTERRUPTED);
                            }
                            phase("saving behind the step at hand; Ctrl-C once more ends at once");
                            stop.run();
                        })
                        .bind();
            } catch (IllegalArgumentException e) { // java -Xrs
                phase("SIG" + signal + " is not ours to handle: it ends the process, the last checkpoint stays");
            }
        }
    }

    /** Names the next useful command, for {@link #summary}. */
    public void next(String command) {
        next = command;
    }

    /** Prints the summary's text and the next useful command to the log. */
    public void summary(String text) {
        log.println();
        log.print(text);
        printNext();
    }

    /** Prints the next useful command to the log, if the job named one; for jobs that print their summary elsewhere. */
    public void printNext() {
        if (next != null) {
            log.println();
            log.println("next: " + next);
        }
        log.flush();
    }

    private void record(Warehouse to, String outcome, @Nullable String message) {
        to.append(
                RunRow.TABLE,
                List.of(new RunRow(
                        id,
                        job,
                        cohort,
                        JsonAnswer.text(conf),
                        Versions.all(to.spark()),
                        Versions.commit(),
                        to.snapshotsRead(),
                        to.snapshotsWritten(),
                        startedAt,
                        Instant.now(),
                        outcome,
                        message,
                        counts)));
    }

    /** A mistake of the user that was found inside a task comes wrapped by Spark, several times over. */
    private static RuntimeException unwrapped(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InputException mistake) {
                return mistake;
            }
        }
        return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    }

    private static String firstLine(Throwable failure) {
        return failure.toString().lines().findFirst().orElse("");
    }
}
