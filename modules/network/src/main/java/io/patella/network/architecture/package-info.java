/**
 * Backbones as figures: one file for each family, parameter names as in timm, shapes on the lines that change them. May use {@code
 * io.patella.network.program} and {@code weights}.
 *
 * <p>Start at {@link io.patella.network.architecture.Architecture}; names stand in {@link
 * io.patella.network.architecture.Architectures}; {@link io.patella.network.architecture.Layers} is the vocabulary that the figures
 * are written in and decides how they run.
 *
 * <pre>{@code
 * ProgramModule network = Architectures.byName("resnet50").architecture().network(Layers.plain());
 * WeightSource.named(tensors, "resnet50.safetensors").fill(network);
 * }</pre>
 */
@NullMarked
package io.patella.network.architecture;

import org.jspecify.annotations.NullMarked;
