package io.patella.evaluating;

import io.patella.statistics.bootstrap.Bootstrap;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Seconds by the clock for the figures and intervals of many groups in one Spark action. Arguments: groups, rows a group (two of each
 * patient), resamples, and the master, such as {@code local[2]}. A third of the predictions is off by one or two grades.
 */
final class GroupEvaluatorBench {
    private GroupEvaluatorBench() {}

    public static void main(String[] arguments) {
        int groups = Integer.parseInt(arguments[0]);
        int rows = Integer.parseInt(arguments[1]);
        Bootstrap bootstrap = Bootstrap.standard().withResamples(Integer.parseInt(arguments[2]));
        SparkSession spark = SparkSession.builder()
                .appName("evaluating")
                .config("spark.master", arguments[3])
                .config("spark.ui.enabled", "false")
                .getOrCreate();
        Dataset<Row> graded = spark.range((long) groups * rows)
                .selectExpr("id div " + rows + " as g", "id % " + rows + " as i", "pmod(hash(id), 1000) / 1000D as u")
                .selectExpr(
                        "g", "i", "u", "int(pmod(hash(i, g), 5)) as grade", "u * 0.2 as spread", "int(u * 6) as error")
                .selectExpr(
                        "*",
                        "least(4, greatest(0, grade + case error when 0 then 1 when 1 then -1 when 2 then 2 else 0 end))"
                                + " as predicted")
                .selectExpr(
                        "'cohort' as cohort",
                        "'patella' as split",
                        "'test' as part",
                        "concat('model-', g div 10) as model",
                        "'p' as preparation",
                        "'kl' as scale",
                        "case g % 10 when 0 then 'all' else concat('centre=', g % 10) end as stratum",
                        "concat('image-', i) as image_id",
                        "concat('patient-', i div 2) as patient_id",
                        "grade",
                        "predicted",
                        "transform(sequence(0, 4), k -> case when k = predicted then 1 - 4 * spread else spread end)"
                                + " as distribution",
                        "case when predicted >= 2 then 1 - 2 * spread else 2 * spread end as p_kl_ge_2");
        long start = System.nanoTime();
        int found = new GroupEvaluator(bootstrap, 10).evaluate(graded).size();
        System.out.printf(
                Locale.ROOT,
                "%d groups of %d rows, B = %d: %.1f s%n",
                found,
                rows,
                bootstrap.resamples(),
                (System.nanoTime() - start) / 1e9);
        spark.stop();
    }
}
