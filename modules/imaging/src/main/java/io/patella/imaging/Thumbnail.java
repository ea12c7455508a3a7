package io.patella.imaging;

/** Area averages: a picture shrunk (or stretched) to a few cells, each the exact mean of what lies under it. */
public final class Thumbnail {
    private Thumbnail() {}

    /** {@code [rows, columns]} means, row by row, 0..255. */
    public static double[] of(Gray8 picture, int rows, int columns) {
        double[] small = new double[rows * columns];
        double step = (double) picture.height() / rows;
        for (int y = 0, end; y < picture.height(); y = end) {
            int first = (int) (y / step);
            // rows that lie in one cell altogether go together; one that a border cuts goes alone
            end = Math.max(y + 1, Math.min((int) ((first + 1) * step), y + EightBytes.MOST_ROWS));
            double[] narrow = narrow(EightBytes.columnSums(picture, y, end), columns);
            int last = Math.min(rows - 1, (int) (end / step));
            for (int r = first; r <= last; r++) {
                double weight = (Math.min((r + 1) * step, end) - Math.max(r * step, y)) / ((end - y) * step);
                for (int c = 0; weight > 0 && c < columns; c++) {
                    small[r * columns + c] += weight * narrow[c];
                }
            }
        }
        return small;
    }

    /** Means of {@code values} under each of {@code columns} cells. */
    private static double[] narrow(int[] values, int columns) {
        double[] narrow = new double[columns];
        double step = (double) values.length / columns;
        for (int c = 0; c < columns; c++) {
            double from = c * step;
            double to = Math.min(values.length, from + step);
            int first = (int) from;
            int last = Math.min(values.length - 1, (int) to);
            long inside = 0;
            for (int i = first; i <= last; i++) {
                inside += values[i];
            }
            double outside = (from - first) * values[first] + (last + 1 - to) * values[last];
            narrow[c] = (inside - outside) / step;
        }
        return narrow;
    }
}
