/**
 * Sets of grades that hold the reference with a promised probability, and when to abstain. Start at {@link
 * io.patella.statistics.conformal.GradeSets}.
 */
@NullMarked
package io.patella.statistics.conformal;

import org.jspecify.annotations.NullMarked;
