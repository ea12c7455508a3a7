/**
 * From an 8-bit gray picture to what a network sees: the steps as facts with a hash ({@link
 * io.patella.network.preparation.Preparation}), the random changes of training ({@link
 * io.patella.network.preparation.Augmentation}) and both as text for the engine, so that they run on the network's device ({@link
 * io.patella.network.preparation.PreparationModule}). Knows no engine.
 */
@NullMarked
package io.patella.network.preparation;

import org.jspecify.annotations.NullMarked;
