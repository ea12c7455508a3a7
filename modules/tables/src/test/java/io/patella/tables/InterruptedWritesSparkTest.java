package io.patella.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.Laterality;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed job, a rerun and a second writer leave behind. */
class InterruptedWritesSparkTest {
    @TempDir
    Path folder;

    private SparkSession session() {
        return LocalSpark.session(folder.resolve("warehouse"));
    }

    private static List<ReadingRow> readings(String reader, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new ReadingRow("c", "i" + i, reader, null, 1, i % 5, "r"))
                .toList();
    }

    private static RadiographRow radiograph(int image) {
        return new RadiographRow(
                "c",
                "i" + image,
                "p",
                Laterality.LEFT,
                null,
                null,
                "file:/i" + image,
                "s",
                "x",
                1,
                3,
                8,
                null,
                null,
                false,
                false,
                false,
                "r",
                Instant.EPOCH);
    }

    private static PictureRow picture(int image) {
        return new PictureRow("c", "i" + image, PictureRow.GRAY, 1, 3, new byte[] {1, 2, (byte) image});
    }

    @Test
    void aJobKilledBetweenTwoTablesIsCompletedByARerun() {
        Warehouse killed = Warehouse.open(session());
        killed.append(PictureRow.TABLE, List.of(picture(1), picture(2)));

        Warehouse rerun = Warehouse.open(session());
        assertThat(rerun.spark().table("knee_grades").count())
                .as("nothing half there")
                .isZero();
        List<Integer> images = List.of(1, 2, 3);
        for (int time = 0; time < 2; time++) {
            rerun.appendMissing(
                    PictureRow.TABLE,
                    images.stream().map(InterruptedWritesSparkTest::picture).toList());
            rerun.appendMissing(
                    RadiographRow.TABLE,
                    images.stream().map(InterruptedWritesSparkTest::radiograph).toList());
        }
        assertThat(rerun.collect(PictureRow.TABLE, "c")).containsExactlyInAnyOrder(picture(1), picture(2), picture(3));
        assertThat(rerun.spark().table("knee_grades").count()).isEqualTo(3);
        assertThat(rerun.spark().table("knee.radiographs.snapshots").count()).isEqualTo(1);
    }

    @Test
    void aWriteThatFailsInATaskLeavesTheTableAsItWas() {
        Warehouse warehouse = Warehouse.open(session());
        warehouse.append(ReadingRow.TABLE, readings("A", 0, 5));
        long before = warehouse.snapshot(ReadingRow.TABLE).orElseThrow();
        var failing = warehouse
                .rows(ReadingRow.TABLE, readings("B", 0, 50))
                .repartition(5)
                .map(
                        (MapFunction<Row, Row>) row -> {
                            if (row.getString(1).equals("i33")) {
                                throw new IllegalStateException("the executor burns");
                            }
                            return row;
                        },
                        ReadingRow.TABLE.encoder());
        assertThatThrownBy(() -> warehouse.append(ReadingRow.TABLE, failing))
                .hasStackTraceContaining("the executor burns");
        assertThat(warehouse.snapshot(ReadingRow.TABLE)).hasValue(before);
        assertThat(warehouse.read(ReadingRow.TABLE).count()).isEqualTo(5);
    }

    @Test
    void sessionsThatOpenAndAppendAtOnceLoseNothing() throws Exception {
        List<SparkSession> sessions = List.of(session(), session());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<List<Written>>> writers = new ArrayList<>();
            for (int s = 0; s < 2; s++) {
                SparkSession own = sessions.get(s);
                String reader = "R" + s;
                writers.add(() -> {
                    Warehouse warehouse = Warehouse.open(own);
                    List<Written> written = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        written.add(warehouse.append(ReadingRow.TABLE, readings(reader, i * 10, i * 10 + 10)));
                    }
                    return written;
                });
            }
            List<Long> snapshots = new ArrayList<>();
            for (Future<List<Written>> each : threads.invokeAll(writers)) {
                each.get().forEach(written -> {
                    assertThat(written.rows()).isEqualTo(10);
                    snapshots.add(written.snapshot().orElseThrow());
                });
            }
            assertThat(snapshots)
                    .as("each call found its own commit")
                    .doesNotHaveDuplicates()
                    .hasSize(8);
        } finally {
            threads.shutdownNow();
        }
        assertThat(Warehouse.open(session()).collect(ReadingRow.TABLE, "c"))
                .hasSize(80)
                .doesNotHaveDuplicates();
    }
}
