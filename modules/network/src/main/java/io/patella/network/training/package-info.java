/**
 * The text of learning: losses and the whole training step as methods of a grader's program. May use {@code
 * io.patella.network.grader} and {@code program}. Start at {@link io.patella.network.training.TrainingProgram}.
 */
@NullMarked
package io.patella.network.training;

import org.jspecify.annotations.NullMarked;
