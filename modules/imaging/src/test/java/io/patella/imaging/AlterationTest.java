package io.patella.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlterationTest {
    /** Smooth, so that a shift by a pixel is a small change. */
    private static Gray8 picture() {
        byte[] pixels = new byte[60 * 50];
        for (int y = 0; y < 50; y++) {
            for (int x = 0; x < 60; x++) {
                pixels[y * 60 + x] = (byte) (20 + 3 * x + y / 2);
            }
        }
        return new Gray8(60, 50, pixels);
    }

    @ParameterizedTest
    @EnumSource
    void everyAlterationButNoneChangesThePictureAndKeepsItsSizeUnlessItCrops(Alteration alteration) {
        Gray8 altered = alteration.apply(picture());
        assertThat(altered.equals(picture())).isEqualTo(alteration == Alteration.AS_IS);
        int[] size = switch (alteration) {
            case CROPPED_TIGHT -> new int[] {54, 45};
            case CROPPED_WIDE -> new int[] {66, 55};
            default -> new int[] {60, 50};
        };
        assertThat(new int[] {altered.width(), altered.height()}).isEqualTo(size);
    }

    @Test
    void mirroringAndInvertingTwiceGiveThePictureBack() {
        byte[] pixels = new byte[31 * 17];
        new SplittableRandom(1).nextBytes(pixels);
        Gray8 picture = new Gray8(31, 17, pixels);
        for (Alteration each : new Alteration[] {Alteration.MIRRORED, Alteration.INVERTED}) {
            assertThat(each.apply(each.apply(picture))).isEqualTo(picture);
        }
    }

    @Test
    void turningLeftBringsTheTopToTheLeft() {
        byte[] pixels = new byte[41 * 41];
        for (int y = 0; y < 18; y++) {
            pixels[y * 41 + 20] = (byte) 200; // a line from the middle of the top to near the centre
        }
        Gray8 turned = Alteration.TURNED_LEFT.apply(new Gray8(41, 41, pixels));
        assertThat(turned.at(2, 18)).isGreaterThan(100);
        assertThat(turned.at(2, 22)).isZero();
    }

    @Test
    void aShiftRepeatsTheEdge() {
        Gray8 shifted = Alteration.SHIFTED.apply(picture());
        assertThat(shifted.at(0, 0)).isEqualTo(picture().at(0, 0));
        assertThat(shifted.at(30, 30)).isEqualTo(picture().at(27, 27)); // 5 % of 50 and of 60, rounded
    }
}
