/**
 * Graders: backbones on the whole knee and on its halves, joined, with heads. May use {@code io.patella.network.architecture}, {@code
 * program} and {@code weights}.
 *
 * <p>Start at {@link io.patella.network.grader.Grader}; the papers' graders stand by name in {@link
 * io.patella.network.grader.Graders}. How they learn is {@code io.patella.network.training}.
 *
 * <pre>{@code
 * Grader grader = Graders.byName("kl-fusenet");
 * ProgramModule program = grader.program(Layers.plain());
 * }</pre>
 */
@NullMarked
package io.patella.network.grader;

import org.jspecify.annotations.NullMarked;
