package io.patella.grading;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.patella.engine.OpenedBundle;
import io.patella.engine.Prediction;
import io.patella.imaging.Decoded;
import io.patella.imaging.Decoder;
import io.patella.tables.Warehouse;
import io.patella.tables.Written;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PictureRow;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Grades those pictures of a cohort that have no grade by this model and preparation yet, and writes {@code grades}.
 *
 * <p>Pictures are graded in chunks; each chunk is one commit, so that a killed job has lost at most one chunk and a rerun does the rest.
 */
public final class CohortGrader {
    /** Pictures per commit. */
    private static final long CHUNK = 20_000;

    private static final List<String> KEY = List.of("cohort", "image_id", "model", "preparation");

    private final Warehouse warehouse;
    private final GradingPlan plan;
    private final String preparation;
    private final String runId;

    /**
     * @param preparation hash of the bundle's preparation
     * @param runId stands in every row
     */
    public CohortGrader(Warehouse warehouse, GradingPlan plan, String preparation, String runId) {
        this.warehouse = warehouse;
        this.plan = plan;
        this.preparation = preparation;
        this.runId = runId;
    }

    /**
     * The pictures still to grade: columns {@code cohort, image_id, bytes, model, preparation}.
     *
     * @param among rows with a column {@code image_id}: only these pictures; null for the whole cohort
     */
    public Dataset<Row> missing(String cohort, @Nullable Dataset<Row> among) {
        Dataset<Row> pictures = warehouse
                .read(PictureRow.TABLE, cohort)
                .select("cohort", "image_id", "bytes")
                .withColumn("model", lit(plan.model()))
                .withColumn("preparation", lit(preparation));
        if (among != null) {
            Dataset<Row> wanted = among.select(col("image_id").as("wanted")).distinct();
            pictures = pictures.join(wanted, pictures.col("image_id").equalTo(wanted.col("wanted")), "left_semi");
        }
        return warehouse.missing(pictures, GradeRow.TABLE, KEY);
    }

    /**
     * Grades and writes.
     *
     * @param missing as {@link #missing} gives them
     * @param count how many these are
     * @return what was written, one entry per commit
     */
    public List<Written> grade(Dataset<Row> missing, long count) {
        int chunks = Math.toIntExact((count + CHUNK - 1) / CHUNK);
        int cores = warehouse.spark().sparkContext().defaultParallelism();
        // some partitions per core, so that one slow core does not hold up the others; none too small for a batch
        int partitions = Math.toIntExact(Math.max(
                1, Math.min(4L * cores, Math.max(1, Math.min(CHUNK, count) / (4L * plan.batch())))));
        return java.util.stream.IntStream.range(0, chunks)
                .mapToObj(chunk -> {
                    Dataset<Row> rows = chunks == 1
                            ? missing
                            : missing.where("pmod(xxhash64(image_id), " + chunks + ") = " + chunk);
                    Dataset<Row> graded = rows.repartition(partitions, col("image_id"))
                            .mapPartitions(new Grade(plan, runId), GradeRow.TABLE.encoder());
                    return warehouse.append(GradeRow.TABLE, graded);
                })
                .collect(Collectors.toList());
    }

    /** What runs in the executor. */
    private static final class Grade implements MapPartitionsFunction<Row, Row> {
        private final GradingPlan plan;
        private final String runId;

        private Grade(GradingPlan plan, String runId) {
            this.plan = plan;
            this.runId = runId;
        }

        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            if (!rows.hasNext()) {
                return rows;
            }
            OpenedBundle bundle = OpenedBundles.of(plan);
            Decoder decoder = Decoder.strict();
            GradedPartition<Row> graded =
                    new GradedPartition<>(rows, row -> decoder.decode(row.getAs("bytes")), bundle, plan.batch());
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return graded.hasNext();
                }

                @Override
                public Row next() {
                    GradedPartition.Outcome<Row> outcome = graded.next();
                    if (outcome instanceof GradedPartition.Outcome.Graded<Row> good) {
                        return GradeRow.TABLE.toRow(toRecord(good.row(), good.prediction()));
                    }
                    Decoded.Quarantined why = ((GradedPartition.Outcome.Refused<Row>) outcome).why();
                    // ingest stored it decoded: the table itself is damaged
                    throw new IllegalStateException("pictures: " + outcome.row().getAs("image_id")
                            + " is no longer a picture: " + why.reason() + ", " + why.detail());
                }
            };
        }

        private static String scale(Prediction prediction) {
            return prediction.scale().grades().stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        private GradeRow toRecord(Row picture, Prediction prediction) {
            return new GradeRow(
                    picture.getAs("cohort"),
                    picture.getAs("image_id"),
                    picture.getAs("model"),
                    picture.getAs("preparation"),
                    prediction.ordinal(),
                    prediction.distribution(),
                    prediction.binary(),
                    prediction.grade(),
                    scale(prediction),
                    prediction.pKlGe2(),
                    plan.mode().word(),
                    runId,
                    Instant.now(),
                    prediction.flag() == null
                            ? null
                            : prediction.flag().reason().name(),
                    prediction.atypicality());
        }
    }
}
