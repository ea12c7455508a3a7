package io.patella.engine.training;

import org.jspecify.annotations.Nullable;

/**
 * A point of the learning curves (paper, Figure 2).
 *
 * @param epoch from 1
 * @param train mean losses over the epoch's steps, in training mode, on augmented pictures
 * @param trainAccuracy mean share of the steps' pictures that were graded right, as {@code train}; null where an earlier version,
 *     which did not count, did a part of the epoch
 * @param raw how the weights grade the validation part at the end of the epoch
 * @param average how their moving average does
 * @param dataWait share of the epoch's time in which the step waited for its batch, 0..1
 * @param seconds the epoch took, validation included
 */
public record Epoch(
        int epoch,
        LossTerms train,
        @Nullable Double trainAccuracy,
        Validation raw,
        Validation average,
        double dataWait,
        double seconds) {
    /**
     * Figures of one set of weights on the validation part, without test-time views; an ordinal head decodes at 0.5.
     *
     * @param qwk quadratic weighted kappa; 0 where it is undefined
     * @param accuracy 0..1
     * @param meanAbsoluteError in grades
     * @param losses in evaluation mode
     */
    public record Validation(double qwk, double accuracy, double meanAbsoluteError, LossTerms losses) {}

    /** The better of the two QWK. */
    public double bestQwk() {
        return Math.max(raw.qwk(), average.qwk());
    }
}
