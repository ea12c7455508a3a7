/**
 * Radiographs in, grades out, on Spark executors. May use tables and the engine. Start at {@link
 * io.patella.grading.CohortGrader}, which grades what a cohort has not graded yet; {@link io.patella.grading.GradingTransformer} does the
 * same for anybody's Dataset of pictures. Both stand on {@link io.patella.grading.GradedPartition}, which runs in the executor over a
 * bundle that {@link io.patella.grading.OpenedBundles} opens once per JVM and device.
 */
@NullMarked
package io.patella.grading;

import org.jspecify.annotations.NullMarked;
