/**
 * Predictions in, all figures out. Start at {@link io.patella.statistics.evaluation.Evaluation}; {@link
 * io.patella.statistics.evaluation.Subgroup} is the same per stratum.
 */
@NullMarked
package io.patella.statistics.evaluation;

import org.jspecify.annotations.NullMarked;
