package io.patella.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.imaging.Gray8;
import io.patella.network.preparation.Preparation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureCacheTest {
    private static final Preparation PREPARATION = Preparation.standard(32);

    @TempDir
    Path folder;

    private static Gray8 picture(int height, int width, int seed) {
        byte[] pixels = new byte[height * width];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (60 + (i * 7 + i / width * seed) % 100);
        }
        return new Gray8(width, height, pixels);
    }

    private static Iterator<PictureCache.Named> pictures() {
        List<PictureCache.Named> all = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            all.add(new PictureCache.Named("k" + i, i % 3 == 0 ? picture(32, 32, i) : picture(40 + i % 3, 50, i)));
        }
        return all.iterator();
    }

    @Test
    void squaresComeBackUnderTheirIds() {
        try (PictureCache cache = PictureCache.open(folder, "cohort@1", PREPARATION, PictureCacheTest::pictures)) {
            assertThat(cache.size()).isEqualTo(150);
            assertThat(cache.side()).isEqualTo(32);
            for (int i = 0; i < 150; i += 3) { // these were squares of this size already
                ByteBuffer square = ByteBuffer.allocate(32 * 32);
                cache.copy(cache.row("k" + i), square);
                assertThat(square.array()).isEqualTo(picture(32, 32, i).pixels());
            }
            assertThatThrownBy(() -> cache.row("k151"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("no picture: k151");
        }
    }

    @Test
    void aSecondOpeningReadsTheFileAndNoPicture() {
        PictureCache.open(folder, "cohort@1", PREPARATION, PictureCacheTest::pictures)
                .close();
        try (PictureCache again = PictureCache.open(folder, "cohort@1", PREPARATION, () -> {
            throw new AssertionError("pictures were asked for");
        })) {
            assertThat(again.contains("k149")).isTrue();
        }
    }

    @Test
    void anotherSnapshotOrPreparationMakesAnotherFile() throws IOException {
        PictureCache.open(folder, "cohort@1", PREPARATION, PictureCacheTest::pictures)
                .close();
        PictureCache.open(folder, "cohort@2", PREPARATION, PictureCacheTest::pictures)
                .close();
        PictureCache.open(folder, "cohort@1", PREPARATION.with(Preparation.Letterbox.KEEP), PictureCacheTest::pictures)
                .close();
        PictureCache.open(
                        folder,
                        "cohort@1",
                        PREPARATION.with(Preparation.Views.EIGHT), // no part of the squares
                        PictureCacheTest::pictures)
                .close();
        try (var files = Files.list(folder)) {
            assertThat(files.count()).isEqualTo(3);
        }
    }

    @Test
    void aTornFileIsRefused() throws IOException {
        PictureCache.open(folder, "cohort@1", PREPARATION, PictureCacheTest::pictures)
                .close();
        Path file;
        try (var files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> PictureCache.open(folder, "cohort@1", PREPARATION, PictureCacheTest::pictures))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is shorter than it says");
    }
}
