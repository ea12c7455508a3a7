/**
 * Prevalence of each grade from graded images, corrected by the confusion matrix. Start at {@link
 * io.patella.statistics.prevalence.CorrectedPrevalence}.
 */
@NullMarked
package io.patella.statistics.prevalence;

import org.jspecify.annotations.NullMarked;
