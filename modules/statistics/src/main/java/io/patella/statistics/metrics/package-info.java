/**
 * Graded images and what follows from their 5 x 5 counts. Start at {@link io.patella.statistics.metrics.Predictions}
 * and {@link io.patella.statistics.metrics.Confusion}.
 */
@NullMarked
package io.patella.statistics.metrics;

import org.jspecify.annotations.NullMarked;
