package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.evaluating.GradedImages;
import io.patella.evaluating.GradedPredictions;
import io.patella.jobs.files.ComparisonAnswer;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.comparison.Comparison;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Compares every pair of models on the images of a part that all of them graded. Reads only. */
public final class CompareJob {
    /**
     * What to compare.
     *
     * @param models names or hashes, at least two
     * @param cohort whose images
     * @param split split that {@code part} belongs to
     * @param part which part; null for the whole cohort
     * @param margin how much worse counts as non-inferior; null for no verdict
     * @param bootstrap how intervals are made
     */
    public record Request(
            List<String> models,
            String cohort,
            String split,
            @Nullable Part part,
            @Nullable Double margin,
            Bootstrap bootstrap) {
        public Request {
            models = List.copyOf(models);
        }
    }

    private final Request request;
    private final PrintWriter log;

    public CompareJob(Request request, PrintWriter log) {
        this.request = request;
        this.log = log;
    }

    /** Compares; with more than two models the p-values carry Holm's correction. */
    public ComparisonAnswer run() {
        return JobRun.reading("compare", request.cohort(), request, log).run(this::compare);
    }

    private ComparisonAnswer compare(JobRun run) {
        if (request.models().size() < 2) {
            throw new InputException("--models", "fewer than two", request.models(), "name two models: --models A,B");
        }
        Map<String, String> names = GradedModels.names(run.warehouse());
        Dataset<Row> graded = new GradedImages(
                        run.warehouse(),
                        request.cohort(),
                        request.split(),
                        request.part() == null ? null : request.part().word())
                .againstReference(List.of());
        run.phase("reading the grades of " + String.join(", ", request.models()));
        List<List<Prediction>> tables = new ArrayList<>();
        for (String model : request.models()) {
            String hash = GradedModels.find(names, model);
            tables.add(GradedPredictions.ofOneModel(graded.where(col("model").equalTo(hash)), model));
        }
        Set<String> common = common(tables);
        if (common.isEmpty()) {
            throw new InputException(
                    "--models",
                    "no image with a reference grade was graded by all of them",
                    request.models(),
                    "run: patella grade --bundle B --cohort " + request.cohort());
        }
        run.count("images", common.size());
        List<Predictions> compared = tables.stream()
                .map(rows -> Predictions.of(rows.stream()
                        .filter(row -> common.contains(row.imageId()))
                        .toList()))
                .toList();
        List<ComparisonAnswer.Pair> pairs = new ArrayList<>();
        for (int a = 0; a < compared.size(); a++) {
            for (int b = a + 1; b < compared.size(); b++) {
                Comparison comparison = Comparison.of(compared.get(a), compared.get(b), request.bootstrap());
                Double margin = request.margin();
                pairs.add(new ComparisonAnswer.Pair(
                        request.models().get(a),
                        request.models().get(b),
                        margin == null ? comparison : comparison.judged(margin)));
            }
        }
        return new ComparisonAnswer(pairs);
    }

    private static Set<String> common(List<List<Prediction>> tables) {
        Set<String> common = ids(tables.get(0));
        tables.forEach(rows -> common.retainAll(ids(rows)));
        return common;
    }

    private static Set<String> ids(List<Prediction> rows) {
        return rows.stream().map(Prediction::imageId).collect(Collectors.toSet());
    }
}
