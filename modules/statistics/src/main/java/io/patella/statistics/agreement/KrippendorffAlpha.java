package io.patella.statistics.agreement;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;

/** Krippendorff's alpha for grades; images with fewer than two readings do not count (Krippendorff 2011). */
public final class KrippendorffAlpha {
    /** How far two grades are apart. */
    public enum Scale {
        /** Equal or not. */
        NOMINAL,
        /** By the number of readings between them. */
        ORDINAL,
        /** By their squared difference. */
        INTERVAL
    }

    private KrippendorffAlpha() {}

    /** Alpha of {@code [images][readers]} grades; undefined when all readings that count are one grade. */
    public static Figure of(int[][] grades, Scale scale) {
        double[][] coincidences = new double[Grade.COUNT][Grade.COUNT];
        for (int[] row : grades) {
            int[] counts = new int[Grade.COUNT];
            int readings = 0;
            for (int grade : row) {
                if (grade != ReadingMatrix.NOT_READ) {
                    counts[grade]++;
                    readings++;
                }
            }
            for (int c = 0; c < Grade.COUNT && readings > 1; c++) {
                for (int d = 0; d < Grade.COUNT; d++) {
                    coincidences[c][d] += counts[c] * (double) (counts[d] - (c == d ? 1 : 0)) / (readings - 1);
                }
            }
        }
        double[] total = new double[Grade.COUNT];
        double all = 0;
        for (int c = 0; c < Grade.COUNT; c++) {
            for (int d = 0; d < Grade.COUNT; d++) {
                total[c] += coincidences[c][d];
            }
            all += total[c];
        }
        if (all == 0) {
            return Figure.undefined("no image was read twice");
        }
        double observed = 0;
        double expected = 0;
        for (int c = 0; c < Grade.COUNT; c++) {
            for (int d = 0; d < Grade.COUNT; d++) {
                double distance = distance(c, d, total, scale);
                observed += coincidences[c][d] * distance;
                expected += total[c] * total[d] * distance;
            }
        }
        return expected == 0
                ? Figure.undefined("every reading is the same grade")
                : Figure.of(1 - (all - 1) * observed / expected);
    }

    private static double distance(int c, int d, double[] total, Scale scale) {
        if (scale == Scale.NOMINAL) {
            return c == d ? 0 : 1;
        }
        if (scale == Scale.INTERVAL) {
            return (double) (c - d) * (c - d);
        }
        double between = -(total[c] + total[d]) / 2;
        for (int g = Math.min(c, d); g <= Math.max(c, d); g++) {
            between += total[g];
        }
        return between * between;
    }
}
