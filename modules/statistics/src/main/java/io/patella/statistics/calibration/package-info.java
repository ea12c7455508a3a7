/**
 * How far probabilities can be believed: Brier score, RPS, log loss, expected calibration error, reliability diagram,
 * temperature scaling. Start at {@link io.patella.statistics.calibration.CalibrationScores}.
 */
@NullMarked
package io.patella.statistics.calibration;

import org.jspecify.annotations.NullMarked;
