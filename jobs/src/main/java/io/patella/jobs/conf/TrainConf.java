package io.patella.jobs.conf;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.cohort.InputException;
import io.patella.engine.training.Recipe;
import io.patella.engine.training.TrainingSet;
import io.patella.network.grader.Backbone;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.preparation.Preparation;
import io.patella.network.training.Losses;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One training: {@code conf/train/*.yaml}.
 *
 * @param name of the model that comes out; its bundle's folder
 * @param cohort whose tables are read
 * @param split named split of that cohort whose train and validation parts are used
 * @param labels how much of the train part is learned from; null for all
 * @param grader the network
 * @param weights where its backbones start
 * @param preparation of the pictures
 * @param losses what is minimised
 * @param recipe how
 * @param device cpu or cuda:N
 * @param threads processor threads; the last bits depend on it
 */
public record TrainConf(
        String name,
        String cohort,
        String split,
        @Nullable LabelsConf labels,
        GraderConf grader,
        StartConf weights,
        PreparationConf preparation,
        Losses losses,
        Recipe recipe,
        String device,
        int threads) {
    public TrainConf {
        checkName(name);
    }

    static void checkName(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new InputException("name", "not a file name", name, "use letters, digits, dots and dashes");
        }
    }

    /**
     * Part of the train part, whole patients, strata alike, drawn by the recipe's seed; what is drawn for less is in what is drawn for
     * more. One of the two is given.
     *
     * @param share of the patients, above 0 to 1
     * @param images how many, at least
     */
    public record LabelsConf(
            @Nullable Double share, @Nullable Integer images) {
        public LabelsConf {
            if ((share == null) == (images == null)) {
                throw new InputException(
                        "labels", "one of share and images", share + ", " + images, "write labels: {share: 0.25}");
            }
        }

        /** What is learned from {@code whole}. */
        public TrainingSet of(TrainingSet whole, long seed) {
            return share != null ? whole.share(share, seed) : images != null ? whole.images(images, seed) : whole;
        }
    }

    /**
     * A grader by name, with other backbones where some are named.
     *
     * @param name of {@link Graders}
     * @param global backbone on the whole knee: timm's name, or {@code made_by} and {@code config} as {@link Backbone}; null leaves the
     *     grader's own
     * @param patches the same for the shared encoder of both halves
     * @param dropout share of the joined vector
     */
    public record GraderConf(
            String name,
            @Nullable JsonNode global,
            @Nullable JsonNode patches,
            double dropout) {
        /** The grader, under the name {@code as}. */
        public Grader grader(String as) {
            Grader named = Graders.byName(name);
            return named.with(backbone(global, named.global()), backbone(patches, named.patches()))
                    .withDropout(dropout)
                    .named(as);
        }

        private static @Nullable Backbone backbone(@Nullable JsonNode given, @Nullable Backbone own) {
            if (given == null || given.isNull()) {
                return own;
            }
            return given.isTextual() ? Backbone.named(given.textValue()) : new Backbone(given);
        }
    }

    /**
     * Where the backbones start; heads start from the recipe's seed.
     *
     * @param global safetensors file with timm's (or torchvision's MobileNetV2) names, a relative path is from the conf's folder; null draws from the seed
     * @param patches the same for the shared encoder
     */
    public record StartConf(
            @Nullable String global, @Nullable String patches) {}

    /**
     * As {@link Preparation}.
     *
     * @param deletterbox whether bars are cut off
     * @param size side of the square, pixels
     * @param interpolation bilinear or bicubic
     * @param exposure keep or standardise
     * @param mean one number for each channel, of gray in 0..1
     * @param std the same
     * @param views test-time views: 0, 2, 4 or 8
     * @param average of the views: probabilities or logits
     */
    public record PreparationConf(
            boolean deletterbox,
            int size,
            Preparation.Interpolation interpolation,
            Preparation.Exposure exposure,
            List<Double> mean,
            List<Double> std,
            int views,
            Preparation.Average average) {
        /** The preparation. */
        public Preparation preparation() {
            return new Preparation(
                    deletterbox ? Preparation.Letterbox.REMOVE : Preparation.Letterbox.KEEP,
                    size,
                    interpolation,
                    exposure,
                    mean,
                    std,
                    Preparation.Views.of(views, "preparation.views"),
                    average);
        }
    }
}
