package io.patella.engine.training;

import java.nio.file.Path;
import java.util.List;

/** The loss is no longer a number. The last checkpoint is from before. */
public final class TrainingException extends RuntimeException {
    private static final int NAMED = 40;

    TrainingException(int epoch, int step, List<String> images, Path checkpoint) {
        super("epoch " + epoch + ", step " + step + ": the loss is not a number; images of the step: "
                + String.join(", ", images.subList(0, Math.min(NAMED, images.size())))
                + (images.size() > NAMED ? ", ..." : "") + " (the last good state is in " + checkpoint
                + "; lower the rates, or set clip, or look at these images)");
    }
}
