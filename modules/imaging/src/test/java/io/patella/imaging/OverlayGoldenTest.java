package io.patella.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OverlayGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/overlay");

    @Test
    void jetEqualsOpenCvsTable() throws IOException {
        byte[] table = Files.readAllBytes(FOLDER.resolve("jet.rgb"));
        for (int i = 0; i < table.length; i++) {
            assertThat(Overlay.jet(i / 3, i % 3))
                    .as("index %d channel %d", i / 3, i % 3)
                    .isEqualTo(table[i] & 0xFF);
        }
    }

    @Test
    void overlayEqualsTheReferenceToTheByte() throws IOException {
        Gray8 gray = new Gray8(64, 64, Files.readAllBytes(FOLDER.resolve("gray.u8")));
        float[] map = new float[64 * 64];
        ByteBuffer.wrap(Files.readAllBytes(FOLDER.resolve("cam.f32")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(map);
        assertThat(Overlay.of(gray, map).samples()).isEqualTo(Files.readAllBytes(FOLDER.resolve("overlay.rgb")));
    }

    @Test
    void aMapOfAnotherSizeIsRefused() {
        assertThatThrownBy(() -> Overlay.of(new Gray8(2, 2, new byte[4]), new float[3]))
                .hasMessageContaining("heat map of 3 values for Gray8[2 x 2]");
    }
}
