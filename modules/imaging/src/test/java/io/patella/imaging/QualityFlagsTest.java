package io.patella.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QualityFlagsTest {
    @Test
    void aBrightBoneInDarkAirIsNotInverted() {
        assertThat(QualityFlags.of(knee(40, 160)).inverted()).isFalse();
    }

    @Test
    void aDarkBoneInBrightAirIsInverted() {
        assertThat(QualityFlags.of(knee(160, 40)).inverted()).isTrue();
    }

    @Test
    void twoKneesBesideEachOtherAreJudgedApart() {
        Gray8 one = knee(160, 40);
        byte[] both = new byte[4 * 64 * 64];
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 256; x++) {
                both[y * 256 + x] = (byte) one.at(y, x % 128 / 2);
            }
        }
        assertThat(QualityFlags.of(new Gray8(256, 64, both)).inverted()).isTrue();
    }

    @Test
    void aPictureOfOneGrayHasBarsButNoPolarity() {
        assertThat(QualityFlags.of(filled(100))).isEqualTo(new QualityFlags(false, false, true));
    }

    @Test
    void halfThePixelsFrom220UpAreOverExposed() {
        assertThat(QualityFlags.of(knee(219, 220)).overExposed()).isTrue();
        assertThat(QualityFlags.of(knee(218, 219)).overExposed()).isFalse();
    }

    @Test
    void fourFlatLinesAtABorderAreABar() {
        assertThat(QualityFlags.of(withBar(3)).bars()).isFalse();
        assertThat(QualityFlags.of(withBar(4)).bars()).isTrue();
    }

    private static Gray8 withBar(int lines) {
        Gray8 noise = Pictures.noise(64, 64, 3);
        for (int y = 0; y < 64; y++) {
            for (int x = 64 - lines; x < 64; x++) {
                noise.pixels()[y * 64 + x] = (byte) (60 + y % 4);
            }
        }
        return noise;
    }

    private static Gray8 filled(int value) {
        byte[] pixels = new byte[64 * 64];
        java.util.Arrays.fill(pixels, (byte) value);
        return new Gray8(64, 64, pixels);
    }

    private static Gray8 knee(int air, int bone) {
        Gray8 picture = filled(air);
        for (int y = 0; y < 64; y++) {
            java.util.Arrays.fill(picture.pixels(), y * 64 + 16, y * 64 + 48, (byte) bone);
        }
        return picture;
    }
}
