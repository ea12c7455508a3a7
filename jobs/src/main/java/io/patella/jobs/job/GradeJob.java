package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.ExecutionMode;
import io.patella.grading.CohortGrader;
import io.patella.grading.GradingPlan;
import io.patella.network.bundle.Bundle;
import io.patella.tables.Warehouse;
import io.patella.tables.Written;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     */
    public record Request(
            String bundle,
            String cohort,
            String split,
            @Nullable Part part,
            ExecutionMode mode,
            int batch) {}

    /**
     * What came of it.
     *
     * @param model the bundle's hash
     * @param graded pictures graded now
     * @param already pictures that had their grade
     */
    public record Outcome(String model, String preparation, long graded, long already) {}

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
            StringBuilder text = new StringBuilder();
            summary.forEach((what, number) -> text.append(String.format("  %-16s %s%n", what, number)));
            if (count > 0) {
                text.append(String.format(java.util.Locale.ROOT, "  %-16s %.1f%n", "pictures/s", count / seconds));
            }
            run.next("patella evaluate --cohort " + request.cohort()
                    + (request.part() == null
                            ? " --part all"
                            : " --part " + request.part().word()));
            run.summary(text.toString());
            return new Outcome(model, preparation, count, all - count);
        }
    }

    /** Image ids of the part asked for; null for all. */
    private @Nullable Dataset<Row> among(Warehouse warehouse) {
        if (request.part() == null) {
            return null;
        }
        Dataset<Row> parts = warehouse
                .read(PartRow.TABLE, request.cohort())
                .where(col("split")
                        .equalTo(request.split())
                        .and(col("part").equalTo(request.part().word())))
                .select("patient_id");
        return warehouse
                .read(RadiographRow.TABLE, request.cohort())
                .join(parts, "patient_id")
                .select("image_id");
    }
}
