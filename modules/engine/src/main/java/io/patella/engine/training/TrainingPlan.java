package io.patella.engine.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.patella.engine.Device;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Grader;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.Slot;
import io.patella.network.training.Losses;
import io.patella.network.training.TrainingProgram;
import io.patella.network.weights.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is trained, how and where.
 *
 * @param grader the network
 * @param start its weights before the first step
 * @param startName says where they come from: a bundle's hash, the files' hashes, a seed; part of the run's identity
 * @param losses what is minimised
 * @param preparation of its pictures; test-time views play no part in training
 * @param recipe how
 * @param device where
 * @param threads processor threads within one operation; decides the last bits
 */
public record TrainingPlan(
        Grader grader,
        WeightSource start,
        String startName,
        Losses losses,
        Preparation preparation,
        Recipe recipe,
        Device device,
        int threads) {
    /**
     * Training on from a bundle (paper, section 2.5): its grader, weights and preparation, another recipe.
     *
     * @param bundle folder or zip
     */
    public static TrainingPlan fineTuning(Path bundle, Losses losses, Recipe recipe, Device device, int threads) {
        try (Bundle files = Bundle.open(bundle)) {
            BundleDescription said = files.description();
            Map<String, Tensor> weights = ProgramArchive.open(files.model()).tensors();
            return new TrainingPlan(
                    Grader.parse(said.grader(), bundle.toString()),
                    WeightSource.named(weights, bundle.toString()),
                    files.hash(),
                    losses,
                    said.preparation(),
                    recipe,
                    device,
                    threads);
        }
    }

    /** The same under another name. */
    public TrainingPlan named(String name) {
        return new TrainingPlan(grader.named(name), start, startName, losses, preparation, recipe, device, threads);
    }

    /** The same with another dropout, which has no weights. */
    public TrainingPlan withDropout(double share) {
        return new TrainingPlan(
                grader.withDropout(share), start, startName, losses, preparation, recipe, device, threads);
    }

    /** The same on pictures of another preparation, such as larger ones. */
    public TrainingPlan with(Preparation other) {
        return new TrainingPlan(grader, start, startName, losses, other, recipe, device, threads);
    }

    /** Beginnings of the names of what keeps its weights and statistics: of the recipe, and of a grader whose heads alone learn. */
    List<String> frozen() {
        List<String> all = new ArrayList<>(recipe.frozen());
        if (grader.trainable() == Grader.Trainable.HEADS) {
            if (grader.global() != null) {
                all.add("global_backbone");
            }
            if (grader.patches() != null) {
                all.add("patch_backbone");
            }
        }
        return all;
    }

    /** The network with its starting weights, its losses and its step. */
    ProgramModule network() {
        Layers layers = recipe.precision() == Recipe.Precision.BFLOAT16 ? Layers.castingToBfloat16() : Layers.plain();
        ProgramModule weights = grader.program(layers);
        start.fill(weights);
        ProgramModule training = TrainingProgram.of(grader, layers, losses);
        Map<String, Slot> slots = training.tensors();
        weights.tensors()
                .forEach((name, slot) -> Objects.requireNonNull(slots.get(name), name)
                        .put(Objects.requireNonNull(slot.value(), name).tensor()));
        return training;
    }

    /** Everything that decides the run's bits but the data and the processor. */
    String identity() {
        try {
            ObjectMapper json = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
            return grader.json() + "\n" + startName + "\n" + json.writeValueAsString(losses) + "\n"
                    + recipe.learning().json()
                    + "\n"
                    + preparation.squareKey() + preparation.exposure() + preparation.mean() + preparation.std() + "\n"
                    + device.word() + " "
                    + threads;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
