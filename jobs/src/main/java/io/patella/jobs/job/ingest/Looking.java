package io.patella.jobs.job.ingest;

import io.patella.imaging.Decoder;
import io.patella.tables.row.PictureRow;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Opens files on the executors, each once: what was found stays with them while the driver decides what is new, then the new
 * pictures go from there into the table. Close it to let go of them.
 */
public final class Looking implements AutoCloseable {
    /** Files of about this many bytes together make a task, more when there would be thousands. */
    private static final long TASK_BYTES = 16L << 20;

    private static final int MOST_TASKS = 2000;

    private final SparkSession spark;
    private final JavaRDD<Looked> looked;

    private Looking(SparkSession spark, JavaRDD<Looked> looked) {
        this.spark = spark;
        this.looked = looked;
    }

    /** Plans to look at {@code files}; nothing is opened yet. */
    public static Looking at(List<String> files, Decoder decoder, SparkSession spark) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<List<String>> tasks = bySize(files, context.defaultParallelism());
        JavaRDD<Looked> looked = context.parallelize(tasks, Math.max(1, tasks.size()))
                .flatMap(task ->
                        task.stream().map(file -> Looked.at(file, decoder)).iterator());
        return new Looking(spark, looked.persist(StorageLevel.MEMORY_AND_DISK_SER()));
    }

    /** What was found, without the pictures. */
    public List<Looked> found() {
        return looked.map(Looked::withoutPicture).collect();
    }

    /** Rows of {@code pictures} for the files in {@code imageIds}. */
    public Dataset<Row> pictures(String cohort, Map<String, String> imageIds) {
        Broadcast<Map<String, String>> ids =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(imageIds);
        JavaRDD<Row> rows = looked.filter(each -> ids.value().containsKey(each.file()))
                .map(each -> PictureRow.TABLE.toRow(new PictureRow(
                        cohort,
                        String.valueOf(ids.value().get(each.file())),
                        each.encoding(),
                        each.width(),
                        each.height(),
                        each.stored())));
        return spark.createDataFrame(rows, PictureRow.TABLE.schema());
    }

    @Override
    public void close() {
        looked.unpersist(false);
    }

    /** Neighbours in the list stay together, so that a task reads few folders. */
    static List<List<String>> bySize(List<String> files, int cores) {
        long[] sizes =
                files.stream().mapToLong(file -> 4096 + new File(file).length()).toArray();
        long total = 0;
        for (long size : sizes) {
            total += size;
        }
        long target = Math.max(total / MOST_TASKS, Math.min(TASK_BYTES, total / (2L * cores) + 1));
        List<List<String>> tasks = new ArrayList<>();
        List<String> task = new ArrayList<>();
        long filled = 0;
        for (int i = 0; i < sizes.length; i++) {
            task.add(files.get(i));
            filled += sizes[i];
            if (filled >= target) {
                tasks.add(task);
                task = new ArrayList<>();
                filled = 0;
            }
        }
        if (!task.isEmpty()) {
            tasks.add(task);
        }
        return tasks;
    }
}
