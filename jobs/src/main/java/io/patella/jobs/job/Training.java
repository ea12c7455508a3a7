package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.training.Epoch;
import io.patella.engine.training.PictureCache;
import io.patella.engine.training.Trained;
import io.patella.engine.training.Trainer;
import io.patella.engine.training.TrainingEvent;
import io.patella.engine.training.TrainingPlan;
import io.patella.engine.training.TrainingSet;
import io.patella.imaging.Sha256;
import io.patella.network.bundle.Bundle;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.TrainingHistoryRow;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From a plan and a cohort to a bundle and its rows in {@code models} and {@code training_history}: what {@code train} and {@code
 * finetune} share. They differ in where the weights start.
 */
public final class Training {
    /** Counts of a training's run: epochs done, allowed by the recipe, and the one whose weights were kept. */
    public static final String EPOCHS = "epochs";

    public static final String EPOCHS_ALLOWED = "epochs_allowed";
    public static final String BEST_EPOCH = "best_epoch";

    private static final String FINGERPRINT = "fingerprint";
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
     * @param bestEpoch the epoch of its weights, 0 for none
     * @param epochs done
     * @param stopped why it ended
     * @param trainImages that it learned from
     */
    public record Outcome(
            @Nullable Path bundle, @Nullable String model, int bestEpoch, int epochs, String stopped, int trainImages) {
        static Outcome of(@Nullable Path bundle, @Nullable String model, Trained trained, int trainImages) {
            return new Outcome(
                    bundle,
                    model,
                    trained.bestEpoch(),
                    trained.history().size(),
                    trained.stopped().detail(),
                    trainImages);
        }

        /** For a program. */
        public Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("bundle", bundle == null ? null : bundle.toString());
            answer.put("model", model);
            answer.put("best_epoch", bestEpoch);
            answer.put("epochs", epochs);
            answer.put("stopped", stopped);
            return answer;
        }
    }

    /**
     * Trains; goes on where an interrupted run of the same name stopped, and does nothing where one has ended.
     *
     * @param parent what is known of the bundle that the weights come from; null when they come from none
     */
    Outcome run(TrainingPlan plan, @Nullable ObjectNode parent) {
        String fingerprint = fingerprint(plan);
        Outcome before = before(fingerprint);
        if (before != null) {
            return before;
        }
        Path training = warehouseFolder.resolve("training");
        run.phase("preparing the pictures of " + data.cohort() + ", once for these pictures and this preparation");
        try (PictureCache squares = data.squares(training.resolve("cache"), plan.preparation())) {
            run.phase("training " + name + " on " + plan.device().word() + " with " + plan.threads() + " threads");
            Trainer trainer = new Trainer(plan, set, squares, training.resolve(name), new TrainingLog(log));
            run.onInterrupt(trainer::stop);
            Trained trained = trainer.run();
            run.count(EPOCHS, trained.history().size());
            run.count(EPOCHS_ALLOWED, plan.recipe().epochs());
            if (trained.stopped().reason() == TrainingEvent.Reason.INTERRUPTED) {
                run.endedEarly("interrupted: " + trained.stopped().detail());
                return Outcome.of(null, null, trained, set.train().size());
            }
            run.count(BEST_EPOCH, trained.bestEpoch());
            return written(plan, parent, trained, fingerprint);
        }
    }

    /** Everything that decides what comes out but code and processor: network, start, losses, preparation, recipe, who is in which part. */
    private String fingerprint(TrainingPlan plan) {
        StringBuilder text = new StringBuilder();
        text.append(plan.grader().json()).append('\n').append(plan.startName()).append('\n');
        text.append(JSON.valueToTree(plan.losses()).toString()).append('\n');
        text.append(plan.preparation().json()).append('\n').append(plan.recipe().json());
        text.append('\n').append(plan.device().word()).append(' ').append(plan.threads());
        Stream.concat(set.train().stream(), set.validation().stream())
                .forEach(each -> text.append('\n')
                        .append(each.part().word())
                        .append('\t')
                        .append(each.imageId())
                        .append('\t')
                        .append(each.patientId())
                        .append('\t')
                        .append(each.pixelSha256())
                        .append('\t')
                        .append(each.grade()));
        data.heldOut().forEach(each -> text.append("\ntest\t").append(each));
        return "sha256:" + Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What an earlier run of the same training left, bundle and rows; null when there is no such or it is not complete. */
    private @Nullable Outcome before(String fingerprint) {
        Path folder = bundle();
        if (!Files.isDirectory(folder)) {
            return null;
        }
        try (Bundle bundle = Bundle.open(folder)) {
            JsonNode said = bundle.description().training();
            if (!said.path(FINGERPRINT).asText().equals(fingerprint)
                    || run.warehouse()
                            .read(TrainingHistoryRow.TABLE)
                            .where(col("model").equalTo(bundle.hash()))
                            .isEmpty()) {
                return null;
            }
            run.phase("done already, by run " + said.path("run_id").asText() + ": bundle " + folder + ", model "
                    + bundle.hash() + " (delete the bundle to do it again)");
            next(folder);
            run.printNext();
            return new Outcome(
                    folder,
                    bundle.hash(),
                    said.path("best_epoch").asInt(),
                    said.path("epochs").asInt(),
                    "done already: " + said.path("stopped").asText().replace('_', ' '),
                    set.train().size());
        } catch (InputException e) { // torn or of another format: it is made again
            run.phase("the bundle that is there is replaced: " + e.getMessage());
            return null;
        }
    }

    private Path bundle() {
        return warehouseFolder.resolve("models").resolve(name);
    }

    private void next(Path bundle) {
        run.next("patella grade --bundle " + bundle + " --cohort " + data.cohort()
                + (data.split().equals(PartRow.DEFAULT_SPLIT) ? "" : " --split " + data.split()) + " --part "
                + (data.heldOut().isEmpty() ? Part.VALIDATION : Part.TEST).word());
    }

    private Outcome written(TrainingPlan plan, @Nullable ObjectNode parent, Trained trained, String fingerprint) {
        ObjectNode provenance = ModelCard.provenance(run, data);
        provenance.set("losses", JSON.valueToTree(plan.losses()));
        provenance.put(FINGERPRINT, fingerprint);
        if (parent != null) {
            provenance.set("parent", parent);
        }
        ModelCard card = ModelCard.of(
                name,
                data,
                set,
                trained.validation(),
                trained.cutpoints(),
                "Epoch and cutpoints",
                ModelCard.training(plan, trained, run.id()));
        Path bundle = bundle();
        trained.writeBundle(bundle, name, plan, plan.preparation(), provenance, data.heldOut(), card.markdown());
        run.phase("measuring which pictures are typical, so that others are flagged");
        String model = data.teachTypical(bundle, set, plan.device(), plan.threads());
        run.warehouse()
                .append(ModelRow.TABLE, List.of(card.row(model, bundle, plan.grader(), plan.preparation(), run)));
        run.count(run.warehouse().append(TrainingHistoryRow.TABLE, history(model, trained, run.id())));
        run.phase("bundle " + bundle + ", model " + model);
        Path curves = bundle.resolveSibling(name + "-curves.png");
        try {
            LearningCurves.write(curves, name, trained.history(), trained.bestEpoch());
            run.phase("learning curves " + curves);
        } catch (RuntimeException | InternalError e) { // such as no fonts: the bundle is complete without its picture
            run.phase("no picture of the learning curves: " + e.getMessage());
        }
        next(bundle);
        run.summary(card.summary());
        return Outcome.of(bundle, model, trained, set.train().size());
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
            if (epoch.trainAccuracy() != null) {
                train.put("accuracy", epoch.trainAccuracy());
            }
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
