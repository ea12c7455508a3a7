package io.patella.imaging;

import java.util.function.IntToDoubleFunction;

/**
 * Lays a heat map over a radiograph (KL-FuseNet paper, section 2.8): {@code round(0.65 gray + 0.35 heat)}, where heat is
 * OpenCV's JET colour of {@code round(255 map)}. Halves round up.
 */
public final class Overlay {
    /** Share of the heat's colour. */
    public static final double ALPHA = 0.35;

    private Overlay() {}

    /**
     * Draws the overlay.
     *
     * @param picture the radiograph
     * @param map {@code [height, width]} of the picture, row by row, each 0..1 (values outside are taken as the nearer end)
     */
    public static Rgb8 of(Gray8 picture, float[] map) {
        if (map.length != picture.pixels().length) {
            throw new IllegalArgumentException("heat map of " + map.length + " values for " + picture);
        }
        byte[] samples = new byte[3 * map.length];
        for (int i = 0; i < map.length; i++) {
            int index = (int) Math.rint(255 * (double) Math.min(1, Math.max(0, map[i])));
            double gray = (1 - ALPHA) * (picture.pixels()[i] & 0xFF);
            for (int channel = 0; channel < 3; channel++) {
                samples[3 * i + channel] = (byte) Math.round(gray + ALPHA * jet(index, channel));
            }
        }
        return new Rgb8(picture.width(), picture.height(), samples);
    }

    /**
     * Draws the overlay as a square of another size; picture and map are resized bilinearly.
     *
     * @param map {@code [height, width]} of the picture, as in {@link #of(Gray8, float[])}
     * @param side of the square, pixels
     */
    public static Rgb8 of(Gray8 picture, float[] map, int side) {
        if (picture.width() == side && picture.height() == side) {
            return of(picture, map);
        }
        if (map.length != picture.pixels().length) {
            throw new IllegalArgumentException("heat map of " + map.length + " values for " + picture);
        }
        byte[] pixels = new byte[side * side];
        float[] heat = new float[side * side];
        for (int y = 0; y < side; y++) {
            double v = place(y, side, picture.height());
            for (int x = 0; x < side; x++) {
                double u = place(x, side, picture.width());
                int i = y * side + x;
                pixels[i] = (byte)
                        Math.round(between(picture.width(), picture.height(), u, v, at -> picture.pixels()[at] & 0xFF));
                heat[i] = (float) between(picture.width(), picture.height(), u, v, at -> map[at]);
            }
        }
        return of(new Gray8(side, side, pixels), heat);
    }

    /** Where the centre of a target pixel lies among the source's pixel centres. */
    private static double place(int target, int side, int source) {
        return Math.min(source - 1, Math.max(0, (target + 0.5) * source / side - 0.5));
    }

    private static double between(int width, int height, double u, double v, IntToDoubleFunction values) {
        int left = (int) u;
        int top = (int) v;
        int right = Math.min(width - 1, left + 1);
        int bottom = Math.min(height - 1, top + 1);
        double across = u - left;
        double above = (1 - across) * values.applyAsDouble(top * width + left)
                + across * values.applyAsDouble(top * width + right);
        double below = (1 - across) * values.applyAsDouble(bottom * width + left)
                + across * values.applyAsDouble(bottom * width + right);
        return above + (v - top) * (below - above);
    }

    /** OpenCV's JET at 0..255: each channel (0 red, 1 green, 2 blue) is a trapezium of slope 4 around its own centre. */
    static int jet(int index, int channel) {
        if (index == 159 && channel == 2) {
            return 1; // the formula says 2; OpenCV's printed table says 1
        }
        double centre = switch (channel) {
            case 0 -> 191.25;
            case 1 -> 127.5;
            default -> 63.75;
        };
        return (int) Math.rint(Math.min(255, Math.max(0, 382.5 - 4 * Math.abs(index - centre))));
    }
}
