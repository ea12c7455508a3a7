package io.patella.jobs.job;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/**
 * Shows how far Spark's tasks have come: a bar on a terminal, redrawn in place; elsewhere a plain line every ten seconds.
 * Stages of less than two seconds show nothing.
 */
@SuppressWarnings("SystemConsoleNull") // null away from a terminal holds for Java 17 and 21, the ones supported
final class Progress extends SparkListener implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long QUIET = 2_000;

    private final SparkSession spark;
    private final String job;
    private final PrintWriter log;
    private final boolean terminal;
    private final Map<Integer, Stage> running = new HashMap<>();
    private long lastShown;
    private int drawn;

    private static final class Stage {
        private final int tasks;
        private final long since;
        private int done;

        Stage(int tasks, long since) {
            this.tasks = tasks;
            this.since = since;
        }
    }

    private Progress(SparkSession spark, String job, PrintWriter log, boolean terminal) {
        this.spark = spark;
        this.job = job;
        this.log = log;
        this.terminal = terminal;
    }

    static Progress of(SparkSession spark, String job, PrintWriter log) {
        Progress progress = new Progress(spark, job, log, System.console() != null);
        spark.sparkContext().addSparkListener(progress);
        return progress;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
        running.put(event.stageInfo().stageId(), new Stage(event.stageInfo().numTasks(), System.currentTimeMillis()));
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
        Stage stage = running.get(event.stageId());
        if (stage != null && event.reason() instanceof org.apache.spark.Success$) {
            stage.done++;
            show(stage, System.currentTimeMillis());
        }
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted event) {
        running.remove(event.stageInfo().stageId());
        clear();
    }

    @Override
    public synchronized void close() {
        clear();
        spark.sparkContext().removeSparkListener(this);
    }

    private void show(Stage stage, long now) {
        if (now - stage.since < QUIET || now - lastShown < (terminal ? 200 : 10_000)) {
            return;
        }
        lastShown = now;
        if (terminal) {
            int filled = WIDTH * stage.done / stage.tasks;
            String bar = String.format(
                    Locale.ROOT,
                    "\r%s [%s%s] %d of %d",
                    job,
                    "=".repeat(filled),
                    " ".repeat(WIDTH - filled),
                    stage.done,
                    stage.tasks);
            log.print(bar);
            drawn = bar.length();
        } else {
            log.println(String.format(Locale.ROOT, "           %s: %d of %d tasks", job, stage.done, stage.tasks));
        }
        log.flush();
    }

    private void clear() {
        if (drawn > 0) {
            log.print("\r" + " ".repeat(drawn) + "\r");
            log.flush();
            drawn = 0;
        }
    }
}
