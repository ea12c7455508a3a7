/**
 * Tensors with names: safetensors files in and out, element types, and which weights fit which architecture. Uses the JDK and
 * Jackson (for headers). Start at {@link io.patella.network.weights.Tensor}.
 */
@NullMarked
package io.patella.network.weights;

import org.jspecify.annotations.NullMarked;
