package io.patella.jobs.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.Part;
import io.patella.engine.training.Epoch;
import io.patella.engine.training.PictureCache;
import io.patella.engine.training.Trained;
import io.patella.engine.training.Trainer;
import io.patella.engine.training.TrainingEvent;
import io.patella.engine.training.TrainingPlan;
import io.patella.engine.training.TrainingSet;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.TrainingHistoryRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a plan and a cohort to a bundle and its rows in {@code models} and {@code training_history}: what {@code train} and {@code
 * finetune} share. They differ in where the weights start.
 */
public final class Training {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JobRun run;
    private final String name;
    private final LabelledCohort data;
    private final TrainingSet set;
    private final Path warehouseFolder;
    private final PrintWriter log;

    /**
     * @param name of the model that comes out
     * @param set what it may see of {@code data}
     * @param warehouseFolder holds caches ({@code training/cache}), checkpoints ({@code training/NAME}) and bundles ({@code models/NAME})
     */
    Training(JobRun run, String name, LabelledCohort data, TrainingSet set, Path warehouseFolder, PrintWriter log) {
        this.run = run;
        this.name = name;
        this.data = data;
        this.set = set;
        this.warehouseFolder = warehouseFolder;
        this.log = log;
        run.count("train_images", set.train().size());
        run.count("validation_images", set.validation().size());
    }

    /**
     * What came of a training.
     *
     * @param bundle where the bundle lies; null when the run was interrupted before its end
     * @param model the bundle's hash; null with it
     * @param trained figures and learning curves
     * @param trainImages that it learned from
     */
    public record Outcome(@Nullable Path bundle, @Nullable String model, Trained trained, int trainImages) {
        /** For a program. */
        public Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("bundle", bundle == null ? null : bundle.toString());
            answer.put("model", model);
            answer.put("best_epoch", trained.bestEpoch());
            answer.put("epochs", trained.history().size());
            answer.put("stopped", trained.stopped().detail());
            return answer;
        }
    }

    /**
     * Trains; goes on where an interrupted run of the same name stopped.
     *
     * @param parent what is known of the bundle that the weights come from; null when they come from none
     */
    Outcome run(TrainingPlan plan, @Nullable ObjectNode parent) {
        Path training = warehouseFolder.resolve("training");
        run.phase("preparing " + (set.train().size() + set.validation().size())
                + " pictures, once for this snapshot and preparation");
        try (PictureCache squares = data.squares(training.resolve("cache"), plan.preparation())) {
            run.phase("training " + name + " on " + plan.device().word() + " with " + plan.threads() + " threads");
            Trained trained = new Trainer(plan, set, squares, training.resolve(name), new TrainingLog(log)).run();
            return trained.stopped().reason() == TrainingEvent.Reason.INTERRUPTED
                    ? new Outcome(null, null, trained, set.train().size())
                    : written(plan, parent, trained);
        }
    }

    private Outcome written(TrainingPlan plan, @Nullable ObjectNode parent, Trained trained) {
        ObjectNode provenance = JSON.createObjectNode();
        provenance.put("run_id", run.id());
        provenance.put("cohort", data.cohort());
        provenance.put("split", data.split());
        provenance.set("snapshots", JSON.valueToTree(run.warehouse().snapshotsRead()));
        provenance.set("losses", JSON.valueToTree(plan.losses()));
        provenance.put("commit", Versions.commit());
        if (parent != null) {
            provenance.set("parent", parent);
        }
        ModelCard card = ModelCard.of(name, data, plan, set, trained, run.id());
        Path bundle = warehouseFolder.resolve("models").resolve(name);
        trained.writeBundle(bundle, name, plan, plan.preparation(), provenance, data.heldOut(), card.markdown());
        run.phase("measuring which pictures are typical, so that others are flagged");
        String model = data.teachTypical(bundle, set, plan.device(), plan.threads());
        run.warehouse()
                .append(
                        ModelRow.TABLE,
                        List.of(new ModelRow(
                                model,
                                name,
                                bundle.toAbsolutePath().toUri().toString(),
                                plan.grader().json().toString(),
                                plan.preparation().hash(),
                                card.markdown(),
                                run.id(),
                                Instant.now())));
        run.count(run.warehouse().append(TrainingHistoryRow.TABLE, history(model, trained, run.id())));
        run.phase("bundle " + bundle + ", model " + model);
        Path curves = bundle.resolveSibling(name + "-curves.png");
        try {
            LearningCurves.write(curves, name, trained.history(), trained.bestEpoch());
            run.phase("learning curves " + curves);
        } catch (RuntimeException | InternalError e) { // such as no fonts: the bundle is complete without its picture
            run.phase("no picture of the learning curves: " + e.getMessage());
        }
        run.next("patella grade --bundle " + bundle + " --cohort " + data.cohort()
                + (data.split().equals(PartRow.DEFAULT_SPLIT) ? "" : " --split " + data.split()) + " --part "
                + (data.heldOut().isEmpty() ? Part.VALIDATION : Part.TEST).word());
        run.summary(card.summary());
        return new Outcome(bundle, model, trained, set.train().size());
    }

    private static List<TrainingHistoryRow> history(String model, Trained trained, String runId) {
        List<TrainingHistoryRow> rows = new ArrayList<>();
        for (Epoch epoch : trained.history()) {
            Map<String, Double> validation = new LinkedHashMap<>();
            validation.put("qwk", epoch.raw().qwk());
            validation.put("accuracy", epoch.raw().accuracy());
            validation.put("mae", epoch.raw().meanAbsoluteError());
            validation.put("loss", epoch.raw().losses().total());
            validation.put("ema_qwk", epoch.average().qwk());
            validation.put("ema_accuracy", epoch.average().accuracy());
            validation.put("ema_loss", epoch.average().losses().total());
            Map<String, Double> train = new LinkedHashMap<>();
            train.put("loss", epoch.train().total());
            train.put("data_wait", epoch.dataWait());
            train.put("seconds", epoch.seconds());
            train.forEach((metric, value) ->
                    rows.add(new TrainingHistoryRow(model, epoch.epoch(), Part.TRAIN.word(), metric, value, runId)));
            validation.forEach((metric, value) -> rows.add(
                    new TrainingHistoryRow(model, epoch.epoch(), Part.VALIDATION.word(), metric, value, runId)));
        }
        return rows;
    }
}
