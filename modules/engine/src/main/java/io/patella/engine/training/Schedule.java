package io.patella.engine.training;

import io.patella.cohort.InputException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Learning rate over a run: linear warm-up, then a cosine to zero. The paper says only "cos (3)"; the readings differ in whether the
 * rate moves per step or per epoch and where the cosine starts.
 *
 * @param reading which of them
 * @param warmUpEpochs length of the warm-up, epochs
 * @param warmUpStart where the warm-up starts: a rate for {@link Reading#TIMM} and {@link Reading#TIMM_PREFIX}, a share of the rate
 *     for {@link Reading#TORCH}; the others ignore it
 */
public record Schedule(Reading reading, int warmUpEpochs, double warmUpStart) {
    /** The readings of "cosine with warm-up". */
    public enum Reading {
        /** Per step: (t + 1) / w of the rate, then a cosine over the steps that are left. The usual reading and the default. */
        STEP,
        /** Per step: t / w of the rate, then the same cosine. */
        STEP_FROM_ZERO,
        /** timm's CosineLRScheduler per epoch: the cosine counts from epoch 0 and jumps in when the warm-up ends. */
        TIMM,
        /** timm's with {@code warmup_prefix}: the cosine starts after the warm-up. */
        TIMM_PREFIX,
        /** torch's LinearLR then CosineAnnealingLR, per epoch. */
        TORCH,
        /** torch's, per step, from 1 / w of the rate. */
        TORCH_STEP;

        /** The word in conf. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads a word of conf.
         *
         * @throws InputException for an unknown one
         */
        public static Reading parse(String word, String where) {
            return Arrays.stream(values())
                    .filter(each -> each.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new InputException(
                            where,
                            "unknown schedule",
                            word,
                            "use one of "
                                    + Arrays.stream(values()).map(Reading::word).toList()));
        }
    }

    /** The default reading with the paper's 3 epochs of warm-up. */
    public static final Schedule PAPER = new Schedule(Reading.STEP, 3, 0);

    /**
     * Checks the ranges.
     *
     * @throws InputException when a value is out of range
     */
    public Schedule {
        if (warmUpEpochs < 0) {
            throw new InputException("schedule.warm_up_epochs", "must not be negative", warmUpEpochs, "paper: 3");
        }
        if (!(warmUpStart >= 0 && warmUpStart <= 1)) {
            throw new InputException("schedule.warm_up_start", "outside 0..1", warmUpStart, "timm: 0 or 1e-6");
        }
    }

    /**
     * The rate used in a step.
     *
     * @param base the rate at the end of the warm-up
     * @param step steps done before, over the whole run
     * @param stepsPerEpoch at least 1
     * @param epochs length of the run
     */
    public double rate(double base, long step, int stepsPerEpoch, int epochs) {
        long epoch = step / stepsPerEpoch;
        long warmSteps = (long) warmUpEpochs * stepsPerEpoch;
        long steps = (long) epochs * stepsPerEpoch;
        return switch (reading) {
            case STEP ->
                step < warmSteps ? base * (step + 1) / warmSteps : cosine(base, step - warmSteps, steps - warmSteps);
            case STEP_FROM_ZERO ->
                step < warmSteps ? base * step / warmSteps : cosine(base, step - warmSteps, steps - warmSteps);
            case TIMM ->
                epoch < warmUpEpochs
                        ? warmUpStart + epoch * (base - warmUpStart) / warmUpEpochs
                        : cosine(base, epoch, epochs);
            case TIMM_PREFIX ->
                epoch < warmUpEpochs
                        ? warmUpStart + epoch * (base - warmUpStart) / warmUpEpochs
                        : cosine(base, epoch - warmUpEpochs, (long) epochs - warmUpEpochs);
            case TORCH ->
                epoch < warmUpEpochs
                        ? base * (warmUpStart + (1 - warmUpStart) * epoch / warmUpEpochs)
                        : cosine(base, epoch - warmUpEpochs, (long) epochs - warmUpEpochs);
            case TORCH_STEP ->
                step < warmSteps
                        ? base * (1.0 / warmSteps + (1 - 1.0 / warmSteps) * step / warmSteps)
                        : cosine(base, step - warmSteps, steps - warmSteps);
        };
    }

    private static double cosine(double base, long done, long length) {
        return length <= 0 ? base : 0.5 * base * (1 + Math.cos(Math.PI * Math.min(done, length) / length));
    }
}
