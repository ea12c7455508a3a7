package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.ExecutionMode;
import io.patella.grading.GradingTransformer;
import io.patella.imaging.Alteration;
import io.patella.imaging.PictureBytes;
import io.patella.imaging.PngWriter;
import io.patella.jobs.files.TextTable;
import io.patella.network.bundle.Bundle;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Grades a part's pictures once as they are and once under each {@link Alteration}: how much worse the grades become, and how many change.
 * Executors alter and grade; the tables get nothing but the run.
 */
public final class RobustnessJob {
    private static final StructType ALTERED = new StructType()
            .add("image_id", DataTypes.StringType)
            .add("patient_id", DataTypes.StringType)
            .add("reference", DataTypes.IntegerType)
            .add("content", DataTypes.BinaryType);

    /**
     * What to alter and grade.
     *
     * @param bundle folder or zip
     * @param part of {@code split}; null for every picture with a reference grade
     * @param mode how forward passes are computed
     * @param batch pictures per forward pass, at least 1
     */
    public record Request(
            Path bundle,
            String cohort,
            String split,
            @Nullable Part part,
            ExecutionMode mode,
            int batch) {}

    /** A figure with its 95 % interval by patient; null where it is undefined. */
    public record Ranged(
            @Nullable Double value,
            @Nullable Double lower,
            @Nullable Double upper) {
        static Ranged of(Interval interval) {
            return new Ranged(
                    interval.estimate().value(),
                    interval.lower().value(),
                    interval.upper().value());
        }

        String text() {
            return value == null ? "undefined" : String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", value, lower, upper);
        }
    }

    /**
     * One alteration.
     *
     * @param changed share of pictures whose grade is not the one of the picture as it is, 0 to 1
     * @param flagged share that the bundle flags as no usual knee, 0 to 1
     */
    public record Line(
            String alteration, String description, Ranged qwk, Ranged accuracy, double changed, double flagged) {}

    /** All alterations, the picture as it is first. */
    public record Report(String model, String cohort, String part, int images, int patients, List<Line> alterations) {
        /** For a terminal. */
        public String text() {
            TextTable table = new TextTable("alteration", "QWK", "accuracy", "grades changed", "flagged");
            for (Line each : alterations) {
                table.row(
                        each.description(),
                        each.qwk().text(),
                        each.accuracy().text(),
                        String.format(Locale.ROOT, "%.1f %%", 100 * each.changed()),
                        String.format(Locale.ROOT, "%.1f %%", 100 * each.flagged()));
            }
            return "model " + model + ", " + cohort + ", part " + part + ": " + images + " images of " + patients
                    + " patients\n\n" + table.text();
        }
    }

    private record Graded(Prediction prediction, boolean flagged) {}

    private final Request request;
    private final PrintWriter log;

    public RobustnessJob(Request request, PrintWriter log) {
        this.request = request;
        this.log = log;
    }

    /**
     * Alters, grades, counts.
     *
     * @throws InputException when the part has no picture with a reference grade
     */
    public Report run() {
        return JobRun.reading("robustness", request.cohort(), request, log).run(this::measured);
    }

    private Report measured(JobRun run) {
        String model;
        try (Bundle bundle = Bundle.open(request.bundle())) {
            model = bundle.hash();
        }
        Dataset<Row> pictures = pictures(run.warehouse()).cache();
        try {
            long count = pictures.count();
            if (count == 0) {
                throw new InputException(
                        "--part",
                        "no picture with a reference grade",
                        request.part() == null ? "all" : request.part().word(),
                        "ingest, make the consensus and split first");
            }
            GradingTransformer grader = new GradingTransformer()
                    .setModelUrl(request.bundle().toString())
                    .setMode(request.mode().word())
                    .setBatchSize(request.batch());
            Map<String, Prediction> asIs = new LinkedHashMap<>();
            List<Line> lines = new ArrayList<>();
            for (Alteration alteration : Alteration.values()) {
                run.phase(count + " pictures: " + alteration.description());
                List<Graded> graded = graded(grader, pictures, alteration);
                if (alteration == Alteration.AS_IS) {
                    graded.forEach(each -> asIs.put(each.prediction().imageId(), each.prediction()));
                }
                lines.add(line(alteration, graded, asIs));
            }
            run.count("images", count);
            int patients = (int)
                    asIs.values().stream().map(Prediction::patientId).distinct().count();
            return new Report(
                    model,
                    request.cohort(),
                    request.part() == null ? "all" : request.part().word(),
                    asIs.size(),
                    patients,
                    List.copyOf(lines));
        } finally {
            pictures.unpersist();
        }
    }

    private static Line line(Alteration alteration, List<Graded> graded, Map<String, Prediction> asIs) {
        List<Prediction> predictions = graded.stream().map(Graded::prediction).toList();
        Evaluation evaluation = Evaluation.of(Predictions.of(predictions), Bootstrap.standard());
        double changed = predictions.stream()
                        .filter(each -> {
                            Prediction before = asIs.get(each.imageId());
                            return before == null || before.predicted() != each.predicted();
                        })
                        .count()
                / (double) predictions.size();
        double flagged = graded.stream().filter(Graded::flagged).count() / (double) graded.size();
        return new Line(
                alteration.word(),
                alteration.description(),
                Ranged.of(evaluation.interval(Metric.QWK)),
                Ranged.of(evaluation.interval(Metric.ACCURACY)),
                changed,
                flagged);
    }

    private static List<Graded> graded(GradingTransformer grader, Dataset<Row> pictures, Alteration alteration) {
        Dataset<Row> altered = pictures.map(
                (MapFunction<Row, Row>) row -> RowFactory.create(
                        row.getAs("image_id"),
                        row.getAs("patient_id"),
                        row.getAs("grade"),
                        PngWriter.write(alteration.apply(PictureBytes.decode(row.getAs("bytes"))))),
                Encoders.row(ALTERED));
        return grader
                .transform(altered)
                .select("image_id", "patient_id", "reference", "grading.grade", "grading.flag")
                .orderBy("image_id")
                .collectAsList()
                .stream()
                .map(row -> new Graded(
                        Prediction.hard(row.getString(0), row.getString(1), row.getInt(2), row.getInt(3)),
                        !row.isNullAt(4)))
                .toList();
    }

    private Dataset<Row> pictures(Warehouse warehouse) {
        Dataset<Row> labelled = warehouse
                .read(RadiographRow.TABLE, request.cohort())
                .select("image_id", "patient_id")
                .join(
                        warehouse
                                .read(ReferenceGradeRow.TABLE, request.cohort())
                                .select("image_id", "grade"),
                        "image_id");
        if (request.part() != null) {
            labelled = labelled.join(
                    warehouse
                            .read(PartRow.TABLE, request.cohort())
                            .where(col("split")
                                    .equalTo(request.split())
                                    .and(col("part").equalTo(request.part().word())))
                            .select("patient_id"),
                    "patient_id");
        }
        return labelled.join(warehouse.read(PictureRow.TABLE, request.cohort()).select("image_id", "bytes"), "image_id")
                .repartition(2 * warehouse.spark().sparkContext().defaultParallelism());
    }
}
