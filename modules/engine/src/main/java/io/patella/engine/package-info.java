/**
 * Opens and runs programs on DJL's PyTorch engine: any archive ({@link io.patella.engine.Program}), a bundle that grades
 * pictures ({@link io.patella.engine.OpenedBundle}), and, in {@code training}, the trainer. May use {@code network}, {@code
 * imaging}, {@code statistics} and DJL; knows neither Spark nor tables.
 *
 * <p>Start at {@link io.patella.engine.Program}, then {@link io.patella.engine.ExecutionMode}.
 */
@NullMarked
package io.patella.engine;

import org.jspecify.annotations.NullMarked;
