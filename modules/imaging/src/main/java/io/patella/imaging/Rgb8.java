package io.patella.imaging;

/**
 * A colour picture, {@code [height, width, 3]} bytes, red first, row by row. For pictures meant for people only: overlays and
 * contact sheets.
 *
 * @param width columns
 * @param height rows
 * @param samples {@code width * height * 3} values; shared, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // an output on its way to a file; never compared
public record Rgb8(int width, int height, byte[] samples) {
    public Rgb8 {
        if (width < 1 || height < 1 || 3L * width * height != samples.length) {
            throw new IllegalArgumentException(width + " x " + height + " with " + samples.length + " samples");
        }
    }
}
