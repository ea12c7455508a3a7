package io.patella.imaging;

/**
 * A half-open rectangle in pixels: rows {@code top..bottom-1}, columns {@code left..right-1}.
 */
public record Box(int top, int bottom, int left, int right) {
    public Box {
        if (top < 0 || left < 0 || bottom <= top || right <= left) {
            throw new IllegalArgumentException(
                    "no rectangle: rows " + top + ".." + bottom + ", columns " + left + ".." + right);
        }
    }

    /** Kept rows. */
    public int height() {
        return bottom - top;
    }

    /** Kept columns. */
    public int width() {
        return right - left;
    }
}
