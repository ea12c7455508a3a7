package io.patella.engine.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.network.preparation.Augmentation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a grader is trained (paper, sections 2.4 and 2.5). What the losses are belongs to the grader.
 *
 * @param epochs at most
 * @param batch pictures per forward pass
 * @param accumulation forward passes per optimiser step
 * @param backboneRate learning rate of the backbones
 * @param headRate learning rate of heads and pooling
 * @param weightDecay decoupled, on every parameter
 * @param schedule of both rates
 * @param clip largest global gradient norm; 0 is off
 * @param ema decay of the moving average of the weights, per step
 * @param emaRamp whether the decay starts at once or rises with the steps
 * @param patience epochs without a better validation QWK before the run stops
 * @param sampling in which order and how often pictures come
 * @param freezeEpochs epochs at the beginning in which backbones keep their weights
 * @param frozen beginnings of the names of tensors that keep their values, statistics too, such as {@code global_backbone.blocks.0}; the
 *     backward pass ends where everything before it is frozen
 * @param augmentation random changes of the pictures
 * @param thresholds whether the ordinal head's biases are centred at the end
 * @param precision of forward and backward pass; weights, moments and averages are float32 always
 * @param seed of every random draw
 */
public record Recipe(
        int epochs,
        int batch,
        int accumulation,
        double backboneRate,
        double headRate,
        double weightDecay,
        Schedule schedule,
        double clip,
        double ema,
        EmaRamp emaRamp,
        int patience,
        Sampling sampling,
        int freezeEpochs,
        List<String> frozen,
        Augmentation augmentation,
        Thresholds thresholds,
        Precision precision,
        long seed) {
    /** How the decay of the moving average starts. */
    public enum EmaRamp {
        /** The decay from the first step on: the paper's reading. */
        NONE,
        /** min(decay, (1 + t) / (10 + t)) in step t: short runs forget the first weights sooner. */
        TEN
    }

    /** In which order and how often pictures come in an epoch. */
    public enum Sampling {
        /** Every picture once, shuffled. */
        SHUFFLED,
        /** As many pictures, grades equally likely, drawn with replacement. */
        CLASS_BALANCED
    }

    /** What becomes of the ordinal head's biases when the training is over. */
    public enum Thresholds {
        /** They stay as they were learned: the paper's way. */
        TRAINED,
        /** Moved by {@link io.patella.statistics.cutpoints.ThresholdCentre} of the validation part, before cutpoints are tuned on it. */
        CENTRED
    }

    /** Arithmetic of forward and backward pass. */
    public enum Precision {
        FLOAT32,
        BFLOAT16
    }

    /** The paper's recipe for KL-FuseNet. */
    public static final Recipe PAPER = new Recipe(
            60,
            32,
            1,
            1e-4,
            2e-4,
            1e-4,
            Schedule.PAPER,
            0,
            0.999,
            EmaRamp.NONE,
            12,
            Sampling.SHUFFLED,
            0,
            List.of(),
            Augmentation.PAPER,
            Thresholds.TRAINED,
            Precision.FLOAT32,
            42);

    /** The paper's fine-tuning (section 2.5): lower rates, at most 15 epochs, patience 5. */
    public static final Recipe FINE_TUNING = new Recipe(
            15,
            32,
            1,
            1e-5,
            5e-5,
            1e-4,
            Schedule.PAPER,
            0,
            0.999,
            EmaRamp.NONE,
            5,
            Sampling.SHUFFLED,
            0,
            List.of(),
            Augmentation.PAPER,
            Thresholds.TRAINED,
            Precision.FLOAT32,
            42);

    /**
     * Checks the ranges.
     *
     * @throws InputException naming every value out of range at once
     */
    public Recipe {
        frozen = List.copyOf(frozen);
        StringBuilder wrong = new StringBuilder();
        require(wrong, epochs >= 1, "epochs", epochs, "at least 1");
        require(wrong, batch >= 1, "batch", batch, "at least 1");
        require(wrong, accumulation >= 1, "accumulation", accumulation, "at least 1");
        require(wrong, backboneRate >= 0 && backboneRate < 1, "backbone_rate", backboneRate, "0 to 1; paper: 1e-4");
        require(wrong, headRate >= 0 && headRate < 1, "head_rate", headRate, "0 to 1; paper: 2e-4");
        require(wrong, weightDecay >= 0 && weightDecay < 1, "weight_decay", weightDecay, "0 to 1; paper: 1e-4");
        require(wrong, clip >= 0 && Double.isFinite(clip), "clip", clip, "not negative; 0 is off");
        require(wrong, ema >= 0 && ema < 1, "ema", ema, "0 to 1; paper: 0.999");
        require(wrong, patience >= 1, "patience", patience, "at least 1; paper: 12");
        require(wrong, freezeEpochs >= 0, "freeze_epochs", freezeEpochs, "not negative");
        if (!wrong.isEmpty()) {
            throw new InputException(wrong.toString().strip());
        }
    }

    private static void require(StringBuilder wrong, boolean holds, String key, Object value, String mend) {
        if (!holds) {
            wrong.append("recipe.").append(key).append(": out of range: ").append(value);
            wrong.append(" (").append(mend).append(")\n");
        }
    }

    /** The same, thresholds as they are learned: what decides the weights of every epoch. */
    Recipe learning() {
        return new Recipe(
                epochs,
                batch,
                accumulation,
                backboneRate,
                headRate,
                weightDecay,
                schedule,
                clip,
                ema,
                emaRamp,
                patience,
                sampling,
                freezeEpochs,
                frozen,
                augmentation,
                Thresholds.TRAINED,
                precision,
                seed);
    }

    /** Canonical JSON, keys in the order of the components: stands in checkpoints, bundles and runs. */
    public String json() {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("epochs", epochs);
        node.put("batch", batch);
        node.put("accumulation", accumulation);
        node.put("backbone_rate", backboneRate);
        node.put("head_rate", headRate);
        node.put("weight_decay", weightDecay);
        node.put("schedule", schedule.reading().word());
        node.put("warm_up_epochs", schedule.warmUpEpochs());
        node.put("warm_up_start", schedule.warmUpStart());
        node.put("clip", clip);
        node.put("ema", ema);
        node.put("ema_ramp", word(emaRamp));
        node.put("patience", patience);
        node.put("sampling", word(sampling));
        node.put("freeze_epochs", freezeEpochs);
        ArrayNode beginnings = node.putArray("frozen");
        frozen.forEach(beginnings::add);
        ObjectNode change = node.putObject("augmentation");
        change.put("flip", augmentation.flip());
        change.put("degrees", augmentation.degrees());
        change.put("scale", augmentation.scale());
        change.put("ratio", augmentation.ratio());
        change.put("ratio_inverse", augmentation.ratioInverse());
        change.put("brightness", augmentation.brightness());
        change.put("contrast", augmentation.contrast());
        ObjectNode rough = change.putObject("rough");
        rough.put("invert", augmentation.rough().invert());
        rough.put("gamma", augmentation.rough().gamma());
        rough.put("resolution", augmentation.rough().resolution());
        rough.put("jpeg", augmentation.rough().jpeg());
        rough.put("erase", augmentation.rough().erase());
        if (thresholds != Thresholds.TRAINED) { // as before there was a choice
            node.put("thresholds", word(thresholds));
        }
        node.put("precision", word(precision));
        node.put("seed", seed);
        return node.toString();
    }

    /** The word of conf for a choice. */
    public static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The choice behind a word of conf.
     *
     * @throws InputException for an unknown word
     */
    public static <E extends Enum<E>> E choice(Class<E> type, String word, String where) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> word(each).equals(word))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        where,
                        "unknown word",
                        word,
                        "use one of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(Recipe::word)
                                        .toList()));
    }

    /** The decay of the moving average in a step, counted from 0. */
    double emaDecay(long step) {
        return emaRamp == EmaRamp.NONE ? ema : Math.min(ema, (1.0 + step) / (10.0 + step));
    }
}
