package io.patella.jobs.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.Part;
import io.patella.engine.Prediction;
import io.patella.engine.training.Epoch;
import io.patella.engine.training.Example;
import io.patella.engine.training.Trained;
import io.patella.engine.training.TrainingPlan;
import io.patella.engine.training.TrainingSet;
import io.patella.engine.training.ValidationAnswers;
import io.patella.imaging.Sha256;
import io.patella.jobs.files.EvaluationAnswer;
import io.patella.network.grader.GradingNetwork;
import io.patella.network.preparation.Preparation;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.cutpoints.Cutpoints;
import io.patella.statistics.cutpoints.TunedCutpoints;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.row.ModelRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people should know of a grader before they use it, written when it is made: data, how it was made, figures on validation, limits.
 *
 * @param train images learned from, validation images chosen by
 * @param manifest hash of who was in which part
 * @param figures on the validation part with the weights, cutpoints and test-time views that the bundle holds
 * @param chosen what was chosen on the validation part, such as "Epoch and cutpoints"
 * @param making the section on how it was made, Markdown
 */
record ModelCard(
        String name,
        String cohort,
        String split,
        int train,
        int trainPatients,
        int validation,
        int validationPatients,
        String manifest,
        Evaluation figures,
        String chosen,
        String making) {

    /** @param answers to the validation part of {@code set}, in any order */
    static ModelCard of(
            String name,
            LabelledCohort data,
            TrainingSet set,
            ValidationAnswers answers,
            @Nullable TunedCutpoints tuned,
            String chosen,
            String making) {
        List<io.patella.statistics.metrics.Prediction> rows = new ArrayList<>();
        Cutpoints cutpoints = tuned == null ? Cutpoints.HALF : tuned.cutpoints();
        for (int i = 0; i < answers.examples().size(); i++) {
            Example each = answers.examples().get(i);
            Prediction answer = answers.answers().get(i);
            int predicted = answer.ordinal() == null
                    ? answer.grade()
                    : cutpoints.decode(
                            answer.ordinal().stream().mapToDouble(p -> p).toArray());
            Distribution distribution = Distribution.of(
                    answer.distribution().stream().mapToDouble(p -> p).toArray());
            rows.add(new io.patella.statistics.metrics.Prediction(
                    each.imageId(), each.patientId(), each.grade(), predicted, distribution, null));
        }
        return new ModelCard(
                name,
                data.cohort(),
                data.split(),
                set.train().size(),
                patients(set.train()),
                set.validation().size(),
                patients(set.validation()),
                manifest(set),
                Evaluation.of(Predictions.of(rows), Bootstrap.standard()),
                chosen,
                making);
    }

    /** What every bundle's provenance begins with: run, data, code. */
    static ObjectNode provenance(JobRun run, LabelledCohort data) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode provenance = json.createObjectNode();
        provenance.put("run_id", run.id());
        provenance.put("cohort", data.cohort());
        provenance.put("split", data.split());
        provenance.set("snapshots", json.valueToTree(run.warehouse().snapshotsRead()));
        provenance.put("commit", Versions.commit());
        return provenance;
    }

    /** What the table of bundles says of one with this card. */
    ModelRow row(String model, Path bundle, GradingNetwork network, Preparation preparation, JobRun run) {
        return new ModelRow(
                model,
                name,
                bundle.toAbsolutePath().toUri().toString(),
                network.json().toString(),
                preparation.hash(),
                markdown(),
                run.id(),
                Instant.now());
    }

    /** How a training made it. */
    static String training(TrainingPlan plan, Trained trained, String runId) {
        StringBuilder text = new StringBuilder();
        text.append("## Training\n\n");
        text.append("Run `")
                .append(runId)
                .append("`; weights of epoch ")
                .append(trained.bestEpoch())
                .append(" (")
                .append(trained.bestIsAverage() ? "moving average" : "raw")
                .append("); ")
                .append(trained.stopped().detail())
                .append(". Start: ")
                .append(plan.startName())
                .append(
                        ". Chosen: the epoch, raw or averaged, with the best quadratic weighted kappa on the validation part.\n\n")
                .append("Grader: `")
                .append(plan.grader().json())
                .append("`\n\nPreparation: `")
                .append(plan.preparation().json())
                .append("`\n\nRecipe: `")
                .append(plan.recipe().json())
                .append("`\n\nCode: commit `")
                .append(Versions.commit())
                .append("`\n\n");
        text.append("| epoch | train loss | validation QWK | of the average | seconds |\n|---|---|---|---|---|\n");
        for (Epoch epoch : trained.history()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %d | %.4f | %.4f | %.4f | %.0f |%n",
                    epoch.epoch(),
                    epoch.train().total(),
                    epoch.raw().qwk(),
                    epoch.average().qwk(),
                    epoch.seconds()));
        }
        if (trained.cutpoints() != null) {
            text.append("\nCutpoints: ")
                    .append(trained.cutpoints().cutpoints().toList())
                    .append(".\n");
        }
        return text.toString();
    }

    private static int patients(List<Example> examples) {
        return (int) examples.stream().map(Example::patientId).distinct().count();
    }

    /** The figures as a text table. */
    String summary() {
        StringBuilder text = new StringBuilder();
        text.append("validation part, ")
                .append(validation)
                .append(" images of ")
                .append(validationPatients)
                .append(" patients (cutpoints were tuned on the same images):\n");
        for (Metric metric : Metric.values()) {
            text.append(String.format(
                    Locale.ROOT, "  %-10s %s%n", metric.title(), EvaluationAnswer.text(figures.interval(metric))));
        }
        return text.toString();
    }

    /** The card. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(name).append("\n\n");
        text.append("""
                Grades knee osteoarthritis (Kellgren-Lawrence 0 to 4) on PA or AP radiographs of one knee.

                Decision support for research: not a medical device, no diagnosis. Not for other views, children, prostheses, or
                pictures of both knees: it has seen none, and answers anything it is shown. A picture unlike those it learned from
                is flagged by its distance from them (threshold: 99.5th percentile of the validation part); the flag is a warning,
                not a guarantee.

                """);
        text.append(String.format("""
                ## Data

                Cohort `%s`, split `%s`, by patient: %d images of %d patients to learn from, %d images of %d patients to choose by;
                manifest `%s` (SHA-256 of the sorted lines "part, tab, image_id, tab, patient_id, tab, grade"). The test
                part's patients stand in `bundle.json` (`held_out_patients`); none of their pictures was read.

                """, cohort, split, train, trainPatients, validation, validationPatients, manifest));
        text.append("## Figures on the ").append(Part.VALIDATION.word()).append(" part\n\n");
        text.append("""
                Patients who were never trained on; patient-level bootstrap, 95 %%. %s were chosen on these very
                images, so the figures are slightly optimistic; new patients say more.

                | figure | estimate | 95 %% interval |
                |---|---|---|
                """.formatted(chosen));
        for (Metric metric : Metric.values()) {
            row(text, metric.title(), figures.interval(metric));
        }
        figures.further().forEach((name, interval) -> row(text, name.title(), interval));
        return text.append("\n").append(making).toString();
    }

    private static void row(StringBuilder text, String title, Interval interval) {
        boolean bounded = interval.lower().isDefined() && interval.upper().isDefined();
        text.append(String.format(
                "| %s | %s | %s |%n",
                title,
                number(interval.estimate()),
                bounded ? number(interval.lower()) + " to " + number(interval.upper()) : "-"));
    }

    /** Who was in which part, as one hash. */
    private static String manifest(TrainingSet set) {
        String lines = Stream.concat(set.train().stream(), set.validation().stream())
                .map(each -> each.part().word() + "\t" + each.imageId() + "\t" + each.patientId() + "\t" + each.grade())
                .sorted()
                .collect(Collectors.joining("\n"));
        return "sha256:" + Sha256.hex(lines.getBytes(StandardCharsets.UTF_8));
    }

    private static String number(io.patella.statistics.Figure figure) {
        return figure.isDefined() ? String.format(Locale.ROOT, "%.3f", figure.orElse(0)) : "undefined";
    }
}
