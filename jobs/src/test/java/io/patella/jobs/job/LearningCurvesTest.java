package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.engine.training.Epoch;
import io.patella.engine.training.LossTerms;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningCurvesTest {
    private static final int TRAIN = 0xff7f7f7f;

    @TempDir
    private Path folder;

    @Test
    void lossAndAccuracyAreDrawnForTheTrainPartToo() throws IOException {
        BufferedImage picture = written(epoch(1, 0.5), epoch(2, 0.7));
        assertThat(drawn(picture, 0)).as("loss").isTrue();
        assertThat(drawn(picture, 1)).as("accuracy").isTrue();
        assertThat(drawn(picture, 2)).as("QWK, of validation alone").isFalse();
    }

    @Test
    void epochsThatDidNotCountTheTrainAccuracyAreLeftOut() throws IOException {
        assertThat(drawn(written(epoch(1, null), epoch(2, null)), 1)).isFalse();
        assertThat(drawn(written(epoch(1, null), epoch(2, 0.7)), 1)).isTrue();
    }

    private BufferedImage written(Epoch... history) throws IOException {
        Path file = folder.resolve("curves.png");
        LearningCurves.write(file, "m", List.of(history), 1);
        return ImageIO.read(file.toFile());
    }

    private static Epoch epoch(int number, @Nullable Double trainAccuracy) {
        Epoch.Validation validation = new Epoch.Validation(0.5, 0.4 + 0.1 * number, 0.6, new LossTerms(1, 1, 0, 0));
        return new Epoch(number, new LossTerms(2.0 / number, 1, 0, 0), trainAccuracy, validation, validation, 0, 1);
    }

    /** Whether the panel has a mark in the train part's colour, of 4 pixels side. */
    private static boolean drawn(BufferedImage picture, int panel) {
        int left = panel * picture.getWidth() / 3;
        for (int x = left; x < left + picture.getWidth() / 3 - 4; x++) {
            for (int y = 50; y < picture.getHeight() - 54; y++) {
                boolean mark = true;
                for (int i = 0; i < 16 && mark; i++) {
                    mark = picture.getRGB(x + i % 4, y + i / 4) == TRAIN;
                }
                if (mark) {
                    return true;
                }
            }
        }
        return false;
    }
}
