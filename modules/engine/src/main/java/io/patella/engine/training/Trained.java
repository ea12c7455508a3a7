package io.patella.engine.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.engine.Prediction;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.Tensor;
import io.patella.statistics.cutpoints.TunedCutpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a training gives.
 *
 * @param weights the best weights by the network's names, running statistics included; empty when no epoch was finished
 * @param bestEpoch the epoch they are from, 0 for none
 * @param bestIsAverage whether they are the moving average
 * @param cutpoints tuned on the validation part with these weights; null without an ordinal head or without weights
 * @param validation what these weights say to the validation part, decoded at 0.5; empty without weights
 * @param history the learning curves
 * @param stopped why it ended
 */
public record Trained(
        Map<String, Tensor> weights,
        int bestEpoch,
        boolean bestIsAverage,
        @Nullable TunedCutpoints cutpoints,
        ValidationAnswers validation,
        List<Epoch> history,
        TrainingEvent.Stopped stopped) {
    static Trained of(
            TrainingSet set,
            Checkpoint.Progress progress,
            TrainingEvent.Stopped stopped,
            Map<String, Tensor> weights,
            List<Prediction> answers) {
        ValidationAnswers validation = new ValidationAnswers(set.validation().subList(0, answers.size()), answers);
        return new Trained(
                weights,
                progress.bestEpoch(),
                progress.bestIsAverage(),
                validation.cutpoints(),
                validation,
                progress.history(),
                stopped);
    }

    /**
     * Writes the grader as a bundle: the best weights in the paper's program, cutpoints, and what a reader must know of its making.
     *
     * @param target a folder, or a zip when it ends so
     * @param name what the grader is called
     * @param preparation as trained; with other test-time views than the plan's the cutpoints were tuned for others
     * @param provenance conf, data snapshot, commit and the like; recipe and figures are added
     * @param heldOut patients of the test part
     * @param card what people should know, Markdown
     * @return the bundle's hash
     * @throws InputException when no epoch was finished
     */
    public String writeBundle(
            Path target,
            String name,
            TrainingPlan plan,
            Preparation preparation,
            ObjectNode provenance,
            List<String> heldOut,
            String card) {
        if (weights.isEmpty()) {
            throw new InputException(target.toString(), "no epoch was finished", 0, "train on before writing a bundle");
        }
        ProgramModule program = plan.grader().program(Layers.plain());
        WeightSource.named(weights, "training").fill(program);
        ObjectNode made = provenance.deepCopy();
        Epoch best = history.get(bestEpoch - 1);
        try {
            made.set("recipe", new ObjectMapper().readTree(plan.recipe().json()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        made.put("start", plan.startName());
        made.put("epochs", history.size());
        made.put("best_epoch", bestEpoch);
        made.put("best_weights", bestIsAverage ? "moving average" : "raw");
        made.put("validation_qwk", best.bestQwk());
        if (cutpoints != null && cutpoints.qwk().isDefined()) {
            made.put("validation_qwk_tuned", cutpoints.qwk().value());
        }
        made.put("stopped", Recipe.word(stopped.reason()));
        Path model = null;
        try {
            model = Files.createTempFile("patella-model", ".pt");
            ProgramArchive.write(program, model, Map.of());
            BundleDescription description = new BundleDescription(
                    name,
                    plan.grader().json(),
                    preparation,
                    cutpoints == null ? null : cutpoints.cutpoints().toList(),
                    made,
                    heldOut);
            return Bundle.write(target, description, model, card);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model: " + e.getMessage(), e);
        } finally {
            if (model != null) {
                model.toFile().delete();
            }
        }
    }
}
