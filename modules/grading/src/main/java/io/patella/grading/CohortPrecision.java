package io.patella.grading;

import io.patella.engine.ExecutionMode;
import io.patella.engine.PrecisionDifference;
import io.patella.imaging.Gray8;
import io.patella.imaging.PictureBytes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What a reduced precision costs on a cohort, measured where it is graded: in an executor, on a sample. */
public final class CohortPrecision {
    private static final StructType FIGURES = new StructType()
            .add("images", DataTypes.IntegerType, false)
            .add("largest", DataTypes.DoubleType, false)
            .add("mean", DataTypes.DoubleType, false)
            .add("near", DataTypes.IntegerType, false)
            .add("changed", DataTypes.IntegerType, false);

    private CohortPrecision() {}

    /**
     * Grades a sample in the plan's mode and in float32.
     *
     * @param sample columns {@code image_id, bytes}, at least one row, held in memory by one executor
     */
    public static PrecisionDifference measure(Dataset<Row> sample, GradingPlan plan) {
        GradingPlan exact = new GradingPlan(
                plan.path(),
                plan.zip(),
                plan.model(),
                plan.mode().isCuda() ? ExecutionMode.CUDA_F32 : ExecutionMode.CPU_F32,
                plan.batch());
        Row row = sample.select("bytes")
                .coalesce(1)
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> compared(rows, plan, exact), Encoders.row(FIGURES))
                .first();
        return new PrecisionDifference(row.getInt(0), row.getDouble(1), row.getDouble(2), row.getInt(3), row.getInt(4));
    }

    private static Iterator<Row> compared(Iterator<Row> rows, GradingPlan plan, GradingPlan exact) {
        List<Gray8> pictures = new ArrayList<>();
        rows.forEachRemaining(row -> pictures.add(PictureBytes.decode(row.getAs(0))));
        if (pictures.isEmpty()) {
            return List.<Row>of().iterator();
        }
        PrecisionDifference d = OpenedBundles.of(plan).differenceFrom(OpenedBundles.of(exact), pictures);
        return List.of(RowFactory.create(d.images(), d.largest(), d.mean(), d.near(), d.changed()))
                .iterator();
    }
}
