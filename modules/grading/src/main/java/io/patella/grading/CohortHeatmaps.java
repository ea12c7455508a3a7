package io.patella.grading;

import io.patella.engine.OpenedBundle;
import io.patella.imaging.PictureBytes;
import io.patella.imaging.PngWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Grad-CAM overlays of some pictures: drawn by the executors, written by the driver. */
public final class CohortHeatmaps {
    private static final StructType FILES =
            new StructType().add("file", DataTypes.StringType, false).add("png", DataTypes.BinaryType, false);

    private CohortHeatmaps() {}

    /**
     * Writes {@code IMAGE_ID.png} for the whole knee and {@code IMAGE_ID-left.png}, {@code IMAGE_ID-right.png} for its halves, as far as
     * the grader has these streams.
     *
     * @param pictures columns {@code image_id, bytes}; some hundreds at most
     * @param folder on the driver's machine; made when missing
     * @return files written
     * @throws io.patella.cohort.InputException when the grader has no heatmaps
     */
    public static int write(Dataset<Row> pictures, GradingPlan plan, Path folder) {
        int cores = pictures.sparkSession().sparkContext().defaultParallelism();
        Dataset<Row> files = pictures.select("image_id", "bytes")
                .repartition(cores)
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> rows.hasNext() ? drawn(rows, plan) : rows,
                        Encoders.row(FILES));
        int written = 0;
        try {
            Files.createDirectories(folder);
            for (Iterator<Row> each = files.toLocalIterator(); each.hasNext(); written++) {
                Row row = each.next();
                Files.write(folder.resolve(row.getString(0)), row.<byte[]>getAs(1));
            }
            return written;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write heatmaps to " + folder, e);
        }
    }

    private static Iterator<Row> drawn(Iterator<Row> rows, GradingPlan plan) {
        OpenedBundle bundle = OpenedBundles.of(plan);
        List<Row> files = new ArrayList<>();
        while (rows.hasNext()) {
            Row row = rows.next();
            for (OpenedBundle.Heatmap each :
                    bundle.heatmaps(List.of(PictureBytes.decode(row.getAs(1)))).get(0)) {
                files.add(RowFactory.create(each.file(row.getString(0)), PngWriter.write(each.overlay())));
            }
        }
        return files.iterator();
    }
}
