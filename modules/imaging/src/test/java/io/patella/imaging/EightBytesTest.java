package io.patella.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EightBytesTest {
    @Test
    void columnsOfEveryWidthSumAsOneByOne() {
        for (int width = 1; width < 40; width++) {
            Gray8 picture = Pictures.noise(width, 9, width);
            int column = width - 1;
            assertThat(EightBytes.columnSums(picture, 2, 8)).hasSize(width);
            assertThat(EightBytes.columnSums(picture, 2, 8)[column])
                    .isEqualTo(IntStream.range(2, 8)
                            .map(row -> picture.at(row, column))
                            .sum());
            assertThat(Arrays.stream(EightBytes.columnSums(picture, 2, 8)).sum())
                    .isEqualTo(IntStream.range(2 * picture.width(), 8 * picture.width())
                            .map(i -> picture.pixels()[i] & 0xFF)
                            .sum());
        }
    }

    @Test
    void whiteOverflowsNothing() {
        byte[] white = new byte[19 * EightBytes.MOST_ROWS * 40];
        Arrays.fill(white, (byte) 255);
        Gray8 picture = new Gray8(19 * 40, EightBytes.MOST_ROWS, white);
        assertThat(EightBytes.columnSums(picture, 0, EightBytes.MOST_ROWS)).containsOnly(255 * EightBytes.MOST_ROWS);
        assertThat(EightBytes.atLeast(white, 255)).isEqualTo(white.length);
        assertThat(EightBytes.atLeast(white, 1)).isEqualTo(white.length);
    }

    @Test
    void brightPixelsAreCountedAsOneByOne() {
        for (int size : new int[] {1, 7, 8, 9, 1000, (1 << 16) + 8, (1 << 17) + 3}) {
            byte[] pixels = Pictures.noise(size, 1, size).pixels();
            for (int least : new int[] {1, 2, 127, 128, 129, 220, 254, 255}) {
                assertThat(EightBytes.atLeast(pixels, least))
                        .isEqualTo(IntStream.range(0, size)
                                .filter(i -> (pixels[i] & 0xFF) >= least)
                                .count());
            }
        }
    }

    @Test
    void theFirstFFIsFoundWhereverItStands() {
        for (int size = 0; size < 40; size++) {
            byte[] bytes = new byte[size];
            Arrays.fill(bytes, (byte) 0xFE);
            for (int from = 0; from <= size; from++) {
                assertThat(EightBytes.indexOfFF(bytes, from)).isEqualTo(size);
            }
            for (int at = 0; at < size; at++) {
                Arrays.fill(bytes, at, size, (byte) 0xFF); // those behind the first do not matter
                for (int before = 0; before < at; before++) {
                    bytes[before] = (byte) (before % 2 == 0 ? 0 : 0x7F);
                }
                assertThat(EightBytes.indexOfFF(bytes, 0)).isEqualTo(at);
                assertThat(EightBytes.indexOfFF(bytes, at)).isEqualTo(at);
            }
        }
    }
}
