package io.patella.imaging;

/** Area averages: a picture shrunk (or stretched) to a few cells, each the exact mean of what lies under it. */
public final class Thumbnail {
    private Thumbnail() {}

    /** {@code [rows, columns]} means, row by row, 0..255. */
    public static double[] of(Gray8 picture, int rows, int columns) {
        double[] small = new double[rows * columns];
        double step = (double) picture.height() / rows;
        double[] narrow = new double[columns];
        for (int y = 0; y < picture.height(); y++) {
            narrow(picture, y, narrow);
            int last = Math.min(rows - 1, (int) ((y + 1) / step));
            for (int r = (int) (y / step); r <= last; r++) {
                double weight = (Math.min((r + 1) * step, y + 1) - Math.max(r * step, y)) / step;
                for (int c = 0; weight > 0 && c < columns; c++) {
                    small[r * columns + c] += weight * narrow[c];
                }
            }
        }
        return small;
    }

    /** Means of row {@code y} under each column cell. */
    private static void narrow(Gray8 picture, int y, double[] narrow) {
        double step = (double) picture.width() / narrow.length;
        byte[] pixels = picture.pixels();
        int row = y * picture.width();
        for (int c = 0; c < narrow.length; c++) {
            double from = c * step;
            double to = Math.min(picture.width(), from + step);
            int first = (int) from;
            int last = Math.min(picture.width() - 1, (int) to);
            long inside = 0;
            for (int i = row + first; i <= row + last; i++) {
                inside += pixels[i] & 0xFF;
            }
            double outside = (from - first) * picture.at(y, first) + (last + 1 - to) * picture.at(y, last);
            narrow[c] = (inside - outside) / step;
        }
    }
}
