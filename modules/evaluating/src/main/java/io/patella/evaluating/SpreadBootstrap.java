package io.patella.evaluating;

import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.evaluation.Resampling;
import io.patella.statistics.metrics.Predictions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * One large table, its replicates spread over executors: each computes a range of replicate numbers on the broadcast patients.
 * The result is, to the bit, what one thread would have found.
 */
public final class SpreadBootstrap {
    private SpreadBootstrap() {}

    /** Evaluates {@code predictions} with the replicates computed in {@code slices} tasks. */
    public static Evaluation evaluate(SparkSession spark, Predictions predictions, Bootstrap bootstrap, int slices) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<Range> ranges = new ArrayList<>();
        for (int s = 0; s < slices; s++) {
            ranges.add(new Range((int) ((long) bootstrap.resamples() * s / slices), (int)
                    ((long) bootstrap.resamples() * (s + 1) / slices)));
        }
        Broadcast<Resampling> resampling = context.broadcast(Resampling.of(predictions, bootstrap));
        try {
            double[][] replicates = context
                    .parallelize(ranges, slices)
                    .map(range -> resampling.value().replicates(range.from(), range.to()))
                    .collect()
                    .stream()
                    .flatMap(part -> Arrays.stream(part))
                    .toArray(double[][]::new);
            return Evaluation.of(predictions, resampling.value(), replicates);
        } finally {
            resampling.destroy();
        }
    }

    /** Replicates from (inclusive) to (exclusive). */
    private record Range(int from, int to) implements Serializable {}
}
