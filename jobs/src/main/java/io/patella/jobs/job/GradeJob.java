package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.ExecutionMode;
import io.patella.engine.PrecisionDifference;
import io.patella.grading.CohortGrader;
import io.patella.grading.CohortHeatmaps;
import io.patella.grading.CohortPrecision;
import io.patella.grading.GradingPlan;
import io.patella.network.bundle.Bundle;
import io.patella.statistics.cutpoints.Cutpoints;
import io.patella.tables.Warehouse;
import io.patella.tables.Written;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Grades what a cohort has not graded yet by this model and preparation; executors open the bundle once per JVM. */
public final class GradeJob {
    /**
     * What to grade.
     *
     * @param bundle folder or zip
     * @param cohort whose pictures
     * @param split split that {@code part} belongs to
     * @param part only this part; null for all pictures
     * @param mode how forward passes are computed
     * @param batch pictures per forward pass
     * @param heatmaps folder for Grad-CAM overlays; null for none
     * @param sample how many pictures get one, spread evenly over the grades
     */
    public record Request(
            String bundle,
            String cohort,
            String split,
            @Nullable Part part,
            ExecutionMode mode,
            int batch,
            @Nullable String heatmaps,
            int sample) {
        /** Grades without heatmaps. */
        public Request(String bundle, String cohort, String split, @Nullable Part part, ExecutionMode mode, int batch) {
            this(bundle, cohort, split, part, mode, batch, null, 1);
        }
    }

    /**
     * What came of it.
     *
     * @param model the bundle's hash
     * @param graded pictures graded now
     * @param already pictures that had their grade
     * @param flagged pictures graded now that carry a flag: no knee, by a stated rule
     * @param precision what the mode's reduced precision cost; null in float32, or when nothing was graded
     * @param heatmaps overlays written
     */
    public record Outcome(
            String model,
            String preparation,
            long graded,
            long already,
            long flagged,
            @Nullable PrecisionDifference precision,
            int heatmaps) {}

    /** Pictures that are graded in float32 too when a mode has less. */
    private static final int PRECISION_SAMPLE = 32;

    private final Request request;
    private final PrintWriter log;

    public GradeJob(Request request, PrintWriter log) {
        this.request = request;
        this.log = log;
    }

    /** Grades and writes {@code grades}. */
    public Outcome run() {
        return JobRun.of("grade", request.cohort(), request, log).run(this::grade);
    }

    private Outcome grade(JobRun run) {
        Warehouse warehouse = run.warehouse();
        Path path = Path.of(request.bundle());
        try (Bundle bundle = Bundle.open(path)) {
            String model = bundle.hash();
            String preparation = bundle.description().preparation().hash();
            run.phase("model " + bundle.description().name() + " " + model + ", mode "
                    + request.mode().word());
            if (request.part() == Part.TRAIN) {
                run.phase("warning: a trained bundle knows its train part; figures on it say nothing of new patients");
            }
            warehouse.appendMissing(
                    ModelRow.TABLE,
                    List.of(new ModelRow(
                            model,
                            bundle.description().name(),
                            path.toAbsolutePath().toUri().toString(),
                            bundle.description().grader().toString(),
                            preparation,
                            bundle.card(),
                            run.id(),
                            Instant.now())));
            GradingPlan plan = GradingPlan.of(run.spark(), path, request.mode(), request.batch());
            CohortGrader grader = new CohortGrader(warehouse, plan, preparation, run.id());
            Dataset<Row> among = among(warehouse);
            long all = (among == null ? warehouse.read(PictureRow.TABLE, request.cohort()) : among).count();
            if (all == 0) {
                throw new InputException(
                        "--cohort",
                        "has no pictures"
                                + (request.part() == null
                                        ? ""
                                        : " in part " + request.part().word()),
                        request.cohort(),
                        "run: patella ingest --cohort " + request.cohort() + " FOLDER");
            }
            Dataset<Row> missing = grader.missing(request.cohort(), among);
            long count = missing.count();
            run.phase(count + " of " + all + " pictures to grade");
            PrecisionDifference precision = request.mode().isBfloat16() && count > 0
                    ? CohortPrecision.measure(missing.orderBy("image_id").limit(PRECISION_SAMPLE), plan)
                    : null;
            long start = System.nanoTime();
            for (Written written : count == 0 ? List.<Written>of() : grader.grade(missing, count)) {
                run.count(written);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            run.count("graded", count);
            run.count("already_graded", all - count);
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("graded", count);
            summary.put("already graded", all - count);
            Dataset<Row> now = warehouse
                    .read(GradeRow.TABLE, request.cohort())
                    .where(col("run_id").equalTo(run.id()));
            long flagged = count == 0 ? 0 : now.where(col("flag").isNotNull()).count();
            run.count("flagged", flagged);
            summary.put("flagged", flagged);
            int overlays = request.heatmaps() == null ? 0 : heatmaps(run, plan, preparation);
            StringBuilder text = new StringBuilder();
            summary.forEach((what, number) -> text.append(String.format("  %-16s %s%n", what, number)));
            if (count > 0) {
                text.append(String.format(Locale.ROOT, "  %-16s %.1f%n", "pictures/s", count / seconds));
            }
            if (precision != null) {
                text.append(precision(run, precision, now, bundle.description().cutpoints()));
            }
            if (overlays > 0) {
                run.count("heatmaps", overlays);
                text.append(String.format("  %-16s %d in %s%n", "heatmaps", overlays, request.heatmaps()));
            }
            run.next("patella evaluate --cohort " + request.cohort()
                    + (request.part() == null
                            ? " --part all"
                            : " --part " + request.part().word()));
            run.summary(text.toString());
            return new Outcome(model, preparation, count, all - count, flagged, precision, overlays);
        }
    }

    /** What reduced precision cost, counted for the run and in words. */
    private String precision(
            JobRun run, PrecisionDifference cost, Dataset<Row> graded, @Nullable List<Double> cutpoints) {
        double largest = cost.largest();
        List<Double> c = cutpoints == null ? Cutpoints.HALF.toList() : cutpoints;
        String distances = IntStream.range(0, c.size())
                .mapToObj(k -> "abs(element_at(ordinal, " + (k + 1) + ") - " + c.get(k) + ")")
                .collect(Collectors.joining(", "));
        long near = graded.where("least(" + distances + ") <= " + largest).count();
        run.count("precision_sample", cost.images());
        run.count("precision_largest_millionths", Math.round(largest * 1e6));
        run.count("precision_changed_in_sample", cost.changed());
        run.count("precision_near_a_cutpoint", near);
        return String.format(
                Locale.ROOT,
                "  %-16s on %d pictures in float32 too: probabilities differ by %.4f at most, %.5f on average; %d grades of the"
                        + " sample changed; %d of all stand closer to a cutpoint than that%n",
                request.mode().word(),
                cost.images(),
                largest,
                cost.mean(),
                cost.changed(),
                near);
    }

    /** Overlays of a sample: of each grade equally many, in the order of their ids' hashes. */
    private int heatmaps(JobRun run, GradingPlan plan, String preparation) {
        Warehouse warehouse = run.warehouse();
        Path folder = Path.of(Objects.requireNonNull(request.heatmaps()));
        Dataset<Row> graded = warehouse
                .read(GradeRow.TABLE, request.cohort())
                .where(col("model").equalTo(plan.model()).and(col("preparation").equalTo(preparation)))
                .select("image_id", "grade");
        Dataset<Row> among = among(warehouse);
        if (among != null) {
            graded = graded.join(among, "image_id");
        }
        // the reference where there is one: the report's grid has a row for each reference grade
        Dataset<Row> reference = warehouse
                .read(ReferenceGradeRow.TABLE, request.cohort())
                .select(col("image_id").as("labelled"), col("grade").as("reference"));
        Dataset<Row> chosen = graded.join(reference, graded.col("image_id").equalTo(reference.col("labelled")), "left")
                .selectExpr(
                        "image_id",
                        "row_number() over (partition by coalesce(reference, grade) order by xxhash64(image_id)) as place")
                .orderBy("place", "image_id")
                .limit(request.sample())
                .select("image_id");
        Dataset<Row> pictures =
                warehouse.read(PictureRow.TABLE, request.cohort()).join(chosen, "image_id");
        run.phase("drawing heatmaps of " + request.sample() + " pictures");
        return CohortHeatmaps.write(pictures, plan, folder);
    }

    /** Image ids of the part asked for; null for all. */
    private @Nullable Dataset<Row> among(Warehouse warehouse) {
        return request.part() == null
                ? null
                : PartImages.of(warehouse, request.cohort(), request.split(), request.part());
    }
}
