package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.ExecutionMode;
import io.patella.grading.GradingTransformer;
import io.patella.imaging.Alteration;
import io.patella.imaging.Gray8;
import io.patella.imaging.PictureBytes;
import io.patella.imaging.PngWriter;
import io.patella.jobs.files.EvaluationAnswer;
import io.patella.jobs.files.TextTable;
import io.patella.network.bundle.Bundle;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.Warehouse;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.FlatMapFunction;
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
            .add("alteration", DataTypes.StringType)
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

    /**
     * One alteration.
     *
     * @param changed share of pictures whose grade is not the one of the picture as it is, 0 to 1
     * @param flagged share that the bundle flags as no usual knee, 0 to 1
     */
    public record Line(
            String alteration, String description, Interval qwk, Interval accuracy, double changed, double flagged) {
        private Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("alteration", alteration);
            json.put("qwk", EvaluationAnswer.interval(qwk));
            json.put("accuracy", EvaluationAnswer.interval(accuracy));
            json.put("changed", changed);
            json.put("flagged", flagged);
            return json;
        }
    }

    /** All alterations, the picture as it is first. */
    public record Report(String model, String cohort, String part, int images, int patients, List<Line> alterations) {
        /** For a program. */
        public Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("model", model);
            json.put("cohort", cohort);
            json.put("part", part);
            json.put("images", images);
            json.put("patients", patients);
            json.put("alterations", alterations.stream().map(Line::json).toList());
            return json;
        }

        /** For a terminal. */
        public String text() {
            TextTable table = new TextTable("alteration", "QWK", "accuracy", "grades changed", "flagged");
            for (Line each : alterations) {
                table.row(
                        each.description(),
                        EvaluationAnswer.text(each.qwk()),
                        EvaluationAnswer.text(each.accuracy()),
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
        Dataset<Row> pictures = pictures(run.warehouse());
        long count = pictures.count();
        if (count == 0) {
            throw new InputException(
                    "--part",
                    "no picture with a reference grade",
                    part(),
                    "ingest, make the consensus and split first");
        }
        run.count("images", count);
        run.phase("altering and grading " + count + " pictures, each in " + Alteration.values().length + " ways");
        Map<Alteration, List<Graded>> graded = graded(pictures);
        Map<String, Integer> asIs = graded.getOrDefault(Alteration.AS_IS, List.of()).stream()
                .map(Graded::prediction)
                .collect(Collectors.toMap(Prediction::imageId, Prediction::predicted));
        int patients = (int) graded.getOrDefault(Alteration.AS_IS, List.of()).stream()
                .map(each -> each.prediction().patientId())
                .distinct()
                .count();
        return new Report(
                model,
                request.cohort(),
                part(),
                asIs.size(),
                patients,
                Arrays.stream(Alteration.values())
                        .map(each -> line(each, graded.getOrDefault(each, List.of()), asIs))
                        .toList());
    }

    private String part() {
        return request.part() == null ? EvaluationRow.ALL : request.part().word();
    }

    private static Line line(Alteration alteration, List<Graded> graded, Map<String, Integer> asIs) {
        List<Prediction> predictions = graded.stream().map(Graded::prediction).toList();
        Evaluation evaluation = Evaluation.of(Predictions.of(predictions), Bootstrap.standard());
        double changed = predictions.stream()
                        .filter(each -> !Integer.valueOf(each.predicted()).equals(asIs.get(each.imageId())))
                        .count()
                / (double) predictions.size();
        double flagged = graded.stream().filter(Graded::flagged).count() / (double) graded.size();
        return new Line(
                alteration.word(),
                alteration.description(),
                evaluation.interval(Metric.QWK),
                evaluation.interval(Metric.ACCURACY),
                changed,
                flagged);
    }

    /** One pass over the pictures: the bundle travels once, and no core waits for the end of an alteration. */
    private Map<Alteration, List<Graded>> graded(Dataset<Row> pictures) {
        Dataset<Row> altered = pictures.flatMap(
                (FlatMapFunction<Row, Row>) row -> {
                    Gray8 picture = PictureBytes.decode(row.getAs("bytes"));
                    return Arrays.stream(Alteration.values())
                            .map(each -> RowFactory.create(
                                    row.getAs("image_id"),
                                    row.getAs("patient_id"),
                                    row.getAs("grade"),
                                    each.name(),
                                    PngWriter.write(each.apply(picture))))
                            .iterator();
                },
                Encoders.row(ALTERED));
        return new GradingTransformer()
                        .setModelUrl(request.bundle().toString())
                        .setMode(request.mode().word())
                        .setBatchSize(request.batch())
                        .transform(altered)
                        .select("alteration", "image_id", "patient_id", "reference", "grading.grade", "grading.flag")
                        .collectAsList()
                        .stream()
                        // here, not in Spark, which would grade everything twice: once to see how the keys lie
                        .sorted(Comparator.comparing(row -> row.getString(1)))
                        .collect(Collectors.groupingBy(
                                row -> Alteration.valueOf(row.getString(0)),
                                Collectors.mapping(
                                        row -> new Graded(
                                                Prediction.hard(
                                                        row.getString(1),
                                                        row.getString(2),
                                                        row.getInt(3),
                                                        row.getInt(4)),
                                                !row.isNullAt(5)),
                                        Collectors.toList())));
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
                    PartImages.of(warehouse, request.cohort(), request.split(), request.part()), "image_id");
        }
        return labelled.join(warehouse.read(PictureRow.TABLE, request.cohort()).select("image_id", "bytes"), "image_id")
                .repartition(2 * warehouse.spark().sparkContext().defaultParallelism());
    }
}
