package io.patella.engine;

import io.patella.imaging.Gray8;
import io.patella.network.bundle.Typical;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a picture's grade should not be believed: it does not look like a radiograph that the grader has learned from. The grade is given
 * all the same.
 *
 * @param reason the word in tables and {@code --json}
 * @param detail the figure and its limit, for people
 */
public record Flag(Reason reason, String detail) {
    /** What is wrong with a picture. */
    public enum Reason {
        /** Nearly one gray: the standard deviation of its gray values is below {@link #BLANK_BELOW}. */
        BLANK,
        /** Farther from the knees that the grader learned from than its validation part: see {@link Typical}. */
        OUT_OF_DISTRIBUTION
    }

    /** Gray levels of 255; see {@link Reason#BLANK}. */
    public static final double BLANK_BELOW = 4;

    /**
     * Looks at one picture.
     *
     * @param picture what the network sees of it, before resizing
     * @param atypicality distance over its limit; null when the bundle has none
     * @return null when nothing is wrong
     */
    static @Nullable Flag of(Gray8 picture, @Nullable Double atypicality) {
        double deviation = deviation(picture);
        if (deviation < BLANK_BELOW) {
            return new Flag(
                    Reason.BLANK,
                    String.format(
                            Locale.ROOT,
                            "nearly one gray: standard deviation %.1f gray levels, a picture has %.0f or more",
                            deviation,
                            BLANK_BELOW));
        }
        if (atypicality != null && atypicality > 1) {
            return new Flag(
                    Reason.OUT_OF_DISTRIBUTION,
                    String.format(
                            Locale.ROOT,
                            "unlike the knees this grader learned from: %.2f times the distance within which 99.5 %% of the"
                                    + " validation pictures lie",
                            atypicality));
        }
        return null;
    }

    private static double deviation(Gray8 picture) {
        long sum = 0;
        long squares = 0;
        for (byte each : picture.pixels()) {
            int value = each & 0xFF;
            sum += value;
            squares += (long) value * value;
        }
        double n = picture.pixels().length;
        return Math.sqrt(Math.max(0, squares / n - (sum / n) * (sum / n)));
    }
}
