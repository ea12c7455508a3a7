package io.patella.imaging;

/**
 * Finds the picture inside black or white bars (KL-FuseNet paper, section 2.2).
 *
 * <p>A line of n pixels is a bar when 1000 x (pixels &lt; 8) &gt;= 995 n or 1000 x (pixels &gt; 247) &gt;= 995 n: one colour per
 * line, in integers, so that exactly 99.5 % counts. The four sides lose a line each in turn (top, bottom, left, right), judged
 * within what is left, until a whole round changed nothing; at least half of the height and of the width always stay.
 */
public final class Deletterbox {
    private static final int DARK_BELOW = 8;
    private static final int BRIGHT_ABOVE = 247;
    private static final int SHARE_PER_MILLE = 995;

    private Deletterbox() {}

    /** What to keep of {@code picture}; the whole picture when it has no bars. */
    public static Box box(Gray8 picture) {
        int top = 0;
        int bottom = picture.height();
        int left = 0;
        int right = picture.width();
        int leastHeight = (picture.height() + 1) / 2;
        int leastWidth = (picture.width() + 1) / 2;
        boolean changed = true;
        while (changed) {
            changed = false;
            if (bottom - top > leastHeight && isBar(picture, top, top + 1, left, right)) {
                top++;
                changed = true;
            }
            if (bottom - top > leastHeight && isBar(picture, bottom - 1, bottom, left, right)) {
                bottom--;
                changed = true;
            }
            if (right - left > leastWidth && isBar(picture, top, bottom, left, left + 1)) {
                left++;
                changed = true;
            }
            if (right - left > leastWidth && isBar(picture, top, bottom, right - 1, right)) {
                right--;
                changed = true;
            }
        }
        return new Box(top, bottom, left, right);
    }

    /** The rectangle is one line: a single row or a single column. */
    private static boolean isBar(Gray8 picture, int top, int bottom, int left, int right) {
        int dark = 0;
        int bright = 0;
        for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
                int value = picture.at(row, column);
                if (value < DARK_BELOW) {
                    dark++;
                } else if (value > BRIGHT_ABOVE) {
                    bright++;
                }
            }
        }
        long enough = (long) SHARE_PER_MILLE * (bottom - top) * (right - left);
        return 1000L * dark >= enough || 1000L * bright >= enough;
    }
}
