/**
 * Training by the paper's recipe (sections 2.2, 2.4, 2.5): examples that cannot leak ({@link
 * io.patella.engine.training.TrainingSet}), their squares in a mapped file ({@link io.patella.engine.training.PictureCache}), the
 * recipe ({@link io.patella.engine.training.Recipe}) and the loop ({@link io.patella.engine.training.Trainer}), one native call a
 * step, resumable to the bit. Start at {@code Trainer}.
 */
@NullMarked
package io.patella.engine.training;

import org.jspecify.annotations.NullMarked;
