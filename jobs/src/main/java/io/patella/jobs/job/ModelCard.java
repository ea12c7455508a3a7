package io.patella.jobs.job;

import io.patella.cohort.Part;
import io.patella.engine.Prediction;
import io.patella.engine.training.Epoch;
import io.patella.engine.training.Example;
import io.patella.engine.training.Trained;
import io.patella.engine.training.TrainingPlan;
import io.patella.engine.training.TrainingSet;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.cutpoints.Cutpoints;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What people should know of a grader before they use it, written when it is trained: data, recipe, figures on validation, limits.
 *
 * @param plan what was trained, how
 * @param train images learned from, validation images chosen by
 * @param figures on the validation part with the weights, cutpoints and test-time views that the bundle holds
 */
record ModelCard(
        String name,
        String cohort,
        String split,
        TrainingPlan plan,
        int train,
        int trainPatients,
        int validation,
        int validationPatients,
        Trained trained,
        Evaluation figures,
        String runId) {

    static ModelCard of(
            String name, LabelledCohort data, TrainingPlan plan, TrainingSet set, Trained trained, String runId) {
        List<io.patella.statistics.metrics.Prediction> rows = new ArrayList<>();
        Cutpoints cutpoints = trained.cutpoints() == null
                ? Cutpoints.HALF
                : trained.cutpoints().cutpoints();
        Map<String, Prediction> answers = trained.validation();
        for (Example each : set.validation()) {
            Prediction answer = answers.get(each.imageId());
            if (answer == null) {
                throw new IllegalStateException("no answer for " + each.imageId());
            }
            int predicted = answer.ordinal() == null
                    ? answer.grade()
                    : cutpoints.decode(
                            answer.ordinal().stream().mapToDouble(p -> p).toArray());
            rows.add(io.patella.statistics.metrics.Prediction.hard(
                    each.imageId(), each.patientId(), each.grade(), predicted));
        }
        return new ModelCard(
                name,
                data.cohort(),
                data.split(),
                plan,
                set.train().size(),
                patients(set.train()),
                set.validation().size(),
                patients(set.validation()),
                trained,
                Evaluation.of(Predictions.of(rows), Bootstrap.standard()),
                runId);
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
            text.append(String.format(Locale.ROOT, "  %-10s %s%n", metric.title(), text(figures.interval(metric))));
        }
        return text.toString();
    }

    /** The card. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(name).append("\n\n");
        text.append("Grades knee osteoarthritis (Kellgren-Lawrence 0 to 4) on PA or AP radiographs of one knee. ");
        text.append(
                "Decision support for research: not a medical device, no diagnosis. It has seen no other views, no prostheses, ");
        text.append("no children, and answers anything it is shown.\n\n");
        text.append("## Data\n\n");
        text.append("Cohort `")
                .append(cohort)
                .append("`, split `")
                .append(split)
                .append("`, by patient: ");
        text.append(train).append(" images of ").append(trainPatients).append(" patients to learn from, ");
        text.append(validation).append(" images of ").append(validationPatients).append(" patients to choose by. ");
        text.append(
                "The test part's patients stand in `bundle.json` (`held_out_patients`); none of their pictures was read.\n\n");
        text.append("## Figures on the ").append(Part.VALIDATION.word()).append(" part\n\n");
        text.append(
                "Patient-level bootstrap, 95 %. Epoch and cutpoints were chosen on these very images, so the figures are ");
        text.append("slightly optimistic; the test part says more.\n\n");
        text.append("| metric | estimate | 95 % interval |\n|---|---|---|\n");
        for (Metric metric : Metric.values()) {
            Interval interval = figures.interval(metric);
            text.append("| ")
                    .append(metric.title())
                    .append(" | ")
                    .append(number(interval.estimate()))
                    .append(" | ")
                    .append(number(interval.lower()))
                    .append(" to ")
                    .append(number(interval.upper()))
                    .append(" |\n");
        }
        text.append("\n## Training\n\n");
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
                .append(". Recipe: `")
                .append(plan.recipe().json())
                .append("`.\n\n");
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

    private static String text(Interval interval) {
        return number(interval.estimate()) + " [" + number(interval.lower()) + ", " + number(interval.upper()) + "]";
    }

    private static String number(io.patella.statistics.Figure figure) {
        return figure.isDefined() ? String.format(Locale.ROOT, "%.3f", figure.orElse(0)) : "undefined";
    }
}
