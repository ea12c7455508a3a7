package io.patella.engine.training;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a training tells whoever listens: a progress bar, a log, a table. */
public sealed interface TrainingEvent {
    /**
     * The run begins, or goes on.
     *
     * @param parameters numbers that are learned
     * @param doneEpochs whole epochs that an earlier run has done
     * @param doneSteps steps of the next epoch that it has done
     * @param notes what a reader of the results should know
     */
    record Started(
            int trainImages,
            int validationImages,
            long parameters,
            int stepsPerEpoch,
            int epochs,
            int doneEpochs,
            int doneSteps,
            List<String> notes)
            implements TrainingEvent {}

    /**
     * One optimiser step.
     *
     * @param epoch from 1
     * @param step in the epoch, from 1
     * @param losses means over the step's pictures
     * @param gradientNorm before clipping
     * @param imagesPerSecond over the last steps
     * @param left to the end of the last epoch, if no early stop comes first
     */
    record StepDone(
            int epoch,
            int epochs,
            int step,
            int stepsPerEpoch,
            LossTerms losses,
            double gradientNorm,
            double backboneRate,
            double headRate,
            double imagesPerSecond,
            Duration left)
            implements TrainingEvent {}

    /**
     * One epoch with its validation.
     *
     * @param improved whether the raw weights or their average are better than everything before
     */
    record EpochDone(Epoch epoch, boolean improved) implements TrainingEvent {}

    /** A checkpoint lies there now. */
    record Saved(Path file) implements TrainingEvent {}

    /** The run ended or was interrupted. */
    record Stopped(Reason reason, String detail) implements TrainingEvent {}

    /** Why a run ended. */
    enum Reason {
        /** All epochs are done. */
        EPOCHS_DONE,
        /** Validation QWK did not improve for the recipe's patience. */
        PATIENCE,
        /** Somebody asked it to; the same call goes on. */
        INTERRUPTED
    }

    /** Gets the events, on the training thread; what takes long here delays the training. */
    @FunctionalInterface
    interface Listener {
        /** Takes one event. */
        void on(TrainingEvent event);
    }
}
