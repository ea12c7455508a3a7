/**
 * Networks as programs: a tree of modules with their text and tensors, written as a TorchScript archive and read back from one.
 * May use {@code io.patella.network.weights} and {@code io.patella.cohort}; knows no engine. Start at
 * {@link io.patella.network.program.ProgramModule}, then {@link io.patella.network.program.ProgramArchive}.
 *
 * <pre>{@code
 * var twice = new ProgramModule("Twice").method("forward(x: Tensor) -> Tensor", "return x * 2");
 * ProgramArchive.write(twice, Path.of("twice.pt"), Map.of());
 * }</pre>
 */
@NullMarked
package io.patella.network.program;

import org.jspecify.annotations.NullMarked;
