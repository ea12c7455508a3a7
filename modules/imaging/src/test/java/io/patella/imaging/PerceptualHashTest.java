package io.patella.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.imaging.Decoded.Picture;
import org.junit.jupiter.api.Test;

class PerceptualHashTest {
    private static final Gray8 PICTURE = Pictures.noise(96, 80, 7);

    @Test
    void recompressionMovesFewBits() {
        Picture jpeg = (Picture) Decoder.strict().decode(Pictures.file(Pictures.gray(PICTURE), "jpeg"));
        assertThat(PerceptualHash.distance(PerceptualHash.of(PICTURE), PerceptualHash.of(jpeg.pixels())))
                .isLessThanOrEqualTo(8);
    }

    @Test
    void anotherPictureDiffersInManyBits() {
        byte[] turned = new byte[96 * 80];
        for (int i = 0; i < turned.length; i++) {
            turned[i] = (byte) PICTURE.at(i / 96, 95 - i % 96);
        }
        assertThat(PerceptualHash.distance(PerceptualHash.of(PICTURE), PerceptualHash.of(new Gray8(96, 80, turned))))
                .isGreaterThan(12);
    }

    @Test
    void thumbnailCellsAreExactMeans() {
        Gray8 picture = new Gray8(3, 2, new byte[] {10, 20, 30, 40, 50, 60});
        assertThat(Thumbnail.of(picture, 1, 1)).containsExactly(35);
        assertThat(Thumbnail.of(picture, 2, 2)[0])
                .isEqualTo((10 + 0.5 * 20) / 1.5, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(Thumbnail.of(picture, 4, 6)[8]).isEqualTo(20, org.assertj.core.api.Assertions.within(1e-12));
    }
}
