package io.patella.evaluating;

import io.patella.statistics.evaluation.Evaluation;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What was found about one group.
 *
 * @param group which group
 * @param images number of images
 * @param patients number of patients
 * @param evaluation the figures; null when the stratum is too small for any
 * @param note why there are no figures, or how the scale was merged; null when there is nothing to say
 */
public record GroupEvaluation(
        Group group,
        int images,
        int patients,
        @Nullable Evaluation evaluation,
        @Nullable String note) implements Serializable {}
