package io.patella.imaging;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes, gray values most of them, eight at a step: a 64-bit word of them, or two words of four 16-bit numbers each. */
final class EightBytes {
    /** 16 bits hold the sum of so many bytes. */
    static final int MOST_ROWS = 257;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EVERY_SECOND = 0x00FF00FF00FF00FFL;
    private static final long ONES = 0x0001000100010001L;
    private static final long ONE_IN_EACH = 0x0101010101010101L;
    private static final long TOP_OF_EACH = 0x8080808080808080L;
    private static final int BLOCK = 1 << 16;

    private EightBytes() {}

    /** Sum of each column over the rows {@code from <= row < to}, at most {@link #MOST_ROWS}. */
    static int[] columnSums(Gray8 picture, int from, int to) {
        int width = picture.width();
        byte[] pixels = picture.pixels();
        long[] sums = new long[width / 8 * 2];
        int[] columns = new int[width];
        for (int row = from; row < to; row++) {
            int at = row * width;
            for (int i = 0; i < sums.length; i += 2, at += 8) {
                long word = (long) WORD.get(pixels, at);
                sums[i] += word & EVERY_SECOND;
                sums[i + 1] += word >>> 8 & EVERY_SECOND;
            }
            for (int column = width & ~7; column < width; column++, at++) {
                columns[column] += pixels[at] & 0xFF;
            }
        }
        for (int i = 0, column = 0; i < sums.length; i += 2) {
            for (int shift = 0; shift < Long.SIZE; shift += 16) {
                columns[column++] = (int) (sums[i] >>> shift) & 0xFFFF;
                columns[column++] = (int) (sums[i + 1] >>> shift) & 0xFFFF;
            }
        }
        return columns;
    }

    /** How many of {@code pixels} are {@code least} (1 to 255) or brighter. */
    static long atLeast(byte[] pixels, int least) {
        long carry = (256 - least) * ONES; // reaches bit 8 of a number from least up
        long count = 0;
        int at = 0;
        while (at + 8 <= pixels.length) {
            int end = Math.min(at + BLOCK, pixels.length - 7); // within a block the counts fit 16 bits
            long counts = 0;
            for (; at < end; at += 8) {
                long word = (long) WORD.get(pixels, at);
                counts += ((word & EVERY_SECOND) + carry) >>> 8 & ONES;
                counts += ((word >>> 8 & EVERY_SECOND) + carry) >>> 8 & ONES;
            }
            for (; counts != 0; counts >>>= 16) {
                count += counts & 0xFFFF;
            }
        }
        for (; at < pixels.length; at++) {
            count += (pixels[at] & 0xFF) >= least ? 1 : 0;
        }
        return count;
    }

    /** Where from {@code from} on the first byte FF stands; the length when there is none. */
    static int indexOfFF(byte[] bytes, int from) {
        int at = from;
        for (; at + 8 <= bytes.length; at += 8) {
            long word = (long) WORD.get(bytes, at);
            long found = (~word - ONE_IN_EACH) & word & TOP_OF_EACH; // its lowest bit is that of the first byte FF
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found) / 8;
            }
        }
        while (at < bytes.length && bytes[at] != (byte) 0xFF) {
            at++;
        }
        return at;
    }
}
