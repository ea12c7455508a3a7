package io.patella.imaging;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * What another hospital, scanner or viewer may do to a radiograph without changing the knee on it. A grader that bears other hands gives
 * the altered picture the grade of the picture as it is.
 */
public enum Alteration {
    /** Nothing. */
    AS_IS("the picture as it is"),
    /** Left and right change places. */
    MIRRORED("left and right exchanged"),
    /** Five degrees counter-clockwise about the centre; what comes in from outside repeats the edge. */
    TURNED_LEFT("turned by 5 degrees counter-clockwise"),
    /** Five degrees clockwise. */
    TURNED_RIGHT("turned by 5 degrees clockwise"),
    /** A twentieth of the side to the right and down; the edge is repeated. */
    SHIFTED("shifted by 5 % right and down"),
    /** The middle nine tenths of each side: a tighter crop. */
    CROPPED_TIGHT("the middle 90 % of each side"),
    /** The sides grow by a tenth, the edge is repeated: a wider crop. */
    CROPPED_WIDE("10 % wider, the edge repeated"),
    /** JPEG at a quality at which blocks can be seen. */
    JPEG_30("JPEG of quality 0.30"),
    /** Half as many pixels each way, and back. */
    HALF_RESOLUTION("half the pixels each way"),
    /** Gray to the power of 1.5: bone darker. */
    DARKER("gray to the power of 1.5"),
    /** Gray to the power of 0.67: over-exposed. */
    BRIGHTER("gray to the power of 0.67"),
    /** Half the contrast about the middle gray. */
    FLATTER("half the contrast"),
    /** White becomes black. */
    INVERTED("white and black exchanged");

    private static final double DEGREES = 5;
    private static final float QUALITY = 0.30f;

    private final String description;

    Alteration(String description) {
        this.description = description;
    }

    /** The word in tables and JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is done, for people. */
    public String description() {
        return description;
    }

    /** The altered picture; of the same size but for the crops. */
    public Gray8 apply(Gray8 picture) {
        int w = picture.width();
        int h = picture.height();
        return switch (this) {
            case AS_IS -> picture;
            case MIRRORED -> sampled(picture, w, h, (x, y) -> w - 1 - x, (x, y) -> y);
            case TURNED_LEFT -> turned(picture, DEGREES);
            case TURNED_RIGHT -> turned(picture, -DEGREES);
            case SHIFTED ->
                sampled(picture, w, h, (x, y) -> x - Math.round(0.05 * w), (x, y) -> y - Math.round(0.05 * h));
            case CROPPED_TIGHT -> resizedCanvas(picture, 0.9);
            case CROPPED_WIDE -> resizedCanvas(picture, 1.1);
            case JPEG_30 -> reread(JpegWriter.write(picture, QUALITY));
            case HALF_RESOLUTION -> halved(picture);
            case DARKER -> mapped(picture, gray -> Math.pow(gray, 1.5));
            case BRIGHTER -> mapped(picture, gray -> Math.pow(gray, 0.67));
            case FLATTER -> mapped(picture, gray -> 0.25 + 0.5 * gray);
            case INVERTED -> mapped(picture, gray -> 1 - gray);
        };
    }

    /** Where a pixel of the altered picture comes from. */
    @FunctionalInterface
    private interface From {
        double at(int x, int y);
    }

    private static Gray8 turned(Gray8 picture, double degrees) {
        double cosine = Math.cos(Math.toRadians(degrees));
        double sine = Math.sin(Math.toRadians(degrees));
        double cx = (picture.width() - 1) / 2.0;
        double cy = (picture.height() - 1) / 2.0;
        return sampled(
                picture,
                picture.width(),
                picture.height(),
                (x, y) -> cx + cosine * (x - cx) - sine * (y - cy),
                (x, y) -> cy + sine * (x - cx) + cosine * (y - cy));
    }

    private static Gray8 resizedCanvas(Gray8 picture, double factor) {
        int width = (int) Math.max(1, Math.round(picture.width() * factor));
        int height = (int) Math.max(1, Math.round(picture.height() * factor));
        int left = Math.floorDiv(picture.width() - width, 2);
        int top = Math.floorDiv(picture.height() - height, 2);
        return sampled(picture, width, height, (x, y) -> x + left, (x, y) -> y + top);
    }

    /** Bilinear; outside the picture the nearest pixel of the edge. */
    private static Gray8 sampled(Gray8 picture, int width, int height, From column, From row) {
        byte[] out = new byte[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double fx = Math.min(Math.max(column.at(x, y), 0), picture.width() - 1);
                double fy = Math.min(Math.max(row.at(x, y), 0), picture.height() - 1);
                int x0 = (int) fx;
                int y0 = (int) fy;
                int x1 = Math.min(x0 + 1, picture.width() - 1);
                int y1 = Math.min(y0 + 1, picture.height() - 1);
                double top = picture.at(y0, x0) * (1 - (fx - x0)) + picture.at(y0, x1) * (fx - x0);
                double bottom = picture.at(y1, x0) * (1 - (fx - x0)) + picture.at(y1, x1) * (fx - x0);
                out[y * width + x] = (byte) Math.rint(top * (1 - (fy - y0)) + bottom * (fy - y0));
            }
        }
        return new Gray8(width, height, out);
    }

    private static Gray8 halved(Gray8 picture) {
        int width = (picture.width() + 1) / 2;
        int height = (picture.height() + 1) / 2;
        byte[] small = new byte[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int x1 = Math.min(2 * x + 1, picture.width() - 1);
                int y1 = Math.min(2 * y + 1, picture.height() - 1);
                int sum = picture.at(2 * y, 2 * x) + picture.at(2 * y, x1) + picture.at(y1, 2 * x) + picture.at(y1, x1);
                small[y * width + x] = (byte) Math.rint(sum / 4.0);
            }
        }
        return sampled(
                new Gray8(width, height, small),
                picture.width(),
                picture.height(),
                (x, y) -> (x - 0.5) / 2,
                (x, y) -> (y - 0.5) / 2);
    }

    private static Gray8 mapped(Gray8 picture, DoubleUnaryOperator map) {
        byte[] table = new byte[256];
        for (int gray = 0; gray < 256; gray++) {
            table[gray] = (byte) Math.rint(255 * map.applyAsDouble(gray / 255.0));
        }
        byte[] pixels = picture.pixels();
        byte[] out = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            out[i] = table[pixels[i] & 255];
        }
        return new Gray8(picture.width(), picture.height(), out);
    }

    private static Gray8 reread(byte[] file) {
        return Decoder.strict().decode(file).fold(Decoded.Picture::pixels, refused -> {
            throw new IllegalStateException("our own JPEG is refused: " + refused.detail());
        });
    }
}
