package io.patella.imaging;

/**
 * What a look at the gray values alone says about a radiograph. Flags never change a picture; they let a study leave pictures
 * out or report them apart. The thresholds were set on the 6,604 knees of the OAI parts train and val.
 *
 * @param inverted bone is dark: the correlation of 16 x 16 area means with the parabola -u^2 across the picture (u = -1 at its
 *     left and 1 at its right border) lies below -0.2; a picture wider than three times its height shows two knees, and their
 *     halves' correlations are averaged. A knee stands upright in the middle, so bone and soft tissue there are brighter than
 *     what lies beside them, unless polarity is reversed
 * @param overExposed half of the pixels or more are 220 and brighter: little is left between bone and white
 * @param bars at some border 4 or more lines in a row are of one gray each (within 4 levels, which JPEG may add)
 */
public record QualityFlags(boolean inverted, boolean overExposed, boolean bars) {
    private static final int CELLS = 16;
    private static final double INVERTED_BELOW = -0.2;
    private static final int BRIGHT = 220;
    private static final int BAR_LINES = 4;
    private static final int BAR_RANGE = 4;

    /** The flags of {@code picture}. */
    public static QualityFlags of(Gray8 picture) {
        return new QualityFlags(
                middleBrightness(picture) < INVERTED_BELOW,
                2 * EightBytes.atLeast(picture.pixels(), BRIGHT) >= picture.pixels().length,
                hasBars(picture));
    }

    /** Correlation with -u^2, in [-1, 1]; 0 for a picture of one gray. */
    static double middleBrightness(Gray8 picture) {
        if (picture.width() > 3 * picture.height()) {
            int middle = picture.width() / 2;
            Gray8 one = picture.crop(new Box(0, picture.height(), 0, middle));
            Gray8 other = picture.crop(new Box(0, picture.height(), middle, picture.width()));
            return (correlation(one) + correlation(other)) / 2;
        }
        return correlation(picture);
    }

    private static double correlation(Gray8 picture) {
        double[] cells = Thumbnail.of(picture, CELLS, CELLS);
        double mean = 0;
        double meanParabola = 0;
        for (int i = 0; i < cells.length; i++) {
            mean += cells[i] / cells.length;
            meanParabola += parabola(i % CELLS) / cells.length;
        }
        double product = 0;
        double cellSquares = 0;
        double parabolaSquares = 0;
        for (int i = 0; i < cells.length; i++) {
            double cell = cells[i] - mean;
            double expected = parabola(i % CELLS) - meanParabola;
            product += cell * expected;
            cellSquares += cell * cell;
            parabolaSquares += expected * expected;
        }
        return cellSquares < 1e-9 ? 0 : product / Math.sqrt(cellSquares * parabolaSquares);
    }

    private static double parabola(int column) {
        double u = (2 * column + 1 - CELLS) / (double) CELLS;
        return -u * u;
    }

    private static boolean hasBars(Gray8 picture) {
        int height = picture.height();
        int width = picture.width();
        return isFlat(picture, 0, 1, 0, width, 1, 0)
                || isFlat(picture, height - 1, height, 0, width, -1, 0)
                || isFlat(picture, 0, height, 0, 1, 0, 1)
                || isFlat(picture, 0, height, width - 1, width, 0, -1);
    }

    /** Whether the line given and the next ones inward, moved by {@code down} and {@code across}, are flat. */
    private static boolean isFlat(Gray8 picture, int top, int bottom, int left, int right, int down, int across) {
        if (BAR_LINES > (down != 0 ? picture.height() : picture.width())) {
            return false;
        }
        for (int line = 0; line < BAR_LINES; line++) {
            int lowest = 255;
            int highest = 0;
            for (int row = top + line * down; row < bottom + line * down; row++) {
                for (int column = left + line * across; column < right + line * across; column++) {
                    lowest = Math.min(lowest, picture.at(row, column));
                    highest = Math.max(highest, picture.at(row, column));
                }
                if (highest - lowest > BAR_RANGE) {
                    return false;
                }
            }
        }
        return true;
    }
}
