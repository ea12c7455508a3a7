package io.patella.imaging;

import java.util.Arrays;

/**
 * A picture of 8-bit gray values, {@code [height, width]} row by row, 0 black to 255 white. The array is shared, not copied:
 * treat it as read-only.
 */
public final class Gray8 {
    private final int width;
    private final int height;
    private final byte[] pixels;

    /**
     * Wraps an array.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @param pixels {@code width * height} values, row by row
     */
    public Gray8(int width, int height, byte[] pixels) {
        if (width < 1 || height < 1 || (long) width * height != pixels.length) {
            throw new IllegalArgumentException(width + " x " + height + " with " + pixels.length + " pixels");
        }
        this.width = width;
        this.height = height;
        this.pixels = pixels;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The pixels themselves, row by row; not a copy. */
    public byte[] pixels() {
        return pixels;
    }

    /** The value in {@code row} and {@code column}, 0..255. */
    public int at(int row, int column) {
        return pixels[row * width + column] & 0xFF;
    }

    /** SHA-256 of the pixel bytes, 64 hex digits: equal for identical pictures whatever file they came from. */
    public String sha256() {
        return Sha256.hex(pixels);
    }

    /** The part of this picture that {@code box} keeps, as a copy; this picture itself when the box keeps all of it. */
    public Gray8 crop(Box box) {
        if (box.height() == height && box.width() == width) {
            return this;
        }
        byte[] kept = new byte[box.height() * box.width()];
        for (int row = 0; row < box.height(); row++) {
            System.arraycopy(pixels, (box.top() + row) * width + box.left(), kept, row * box.width(), box.width());
        }
        return new Gray8(box.width(), box.height(), kept);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Gray8 that && width == that.width && Arrays.equals(pixels, that.pixels);
    }

    @Override
    public int hashCode() {
        return 31 * width + Arrays.hashCode(pixels);
    }

    @Override
    public String toString() {
        return "Gray8[" + width + " x " + height + "]";
    }
}
