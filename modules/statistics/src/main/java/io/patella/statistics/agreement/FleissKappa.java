package io.patella.statistics.agreement;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;

/** Fleiss' kappa of complete readings (Fleiss 1971). */
final class FleissKappa {
    private FleissKappa() {}

    /** Kappa of {@code [images][readers]} grades without gaps; undefined when all readings are one grade. */
    static Figure of(int[][] grades) {
        long readers = grades[0].length;
        long agreeing = 0;
        long[] total = new long[Grade.COUNT];
        for (int[] row : grades) {
            long[] counts = new long[Grade.COUNT];
            for (int grade : row) {
                counts[grade]++;
            }
            for (int c = 0; c < Grade.COUNT; c++) {
                agreeing += counts[c] * (counts[c] - 1);
                total[c] += counts[c];
            }
        }
        double readings = (double) readers * grades.length;
        double expected = 0;
        for (long count : total) {
            expected += (double) count * count;
            if (count == readings) {
                return Figure.undefined("every reading is the same grade");
            }
        }
        double chance = expected / (readings * readings);
        double observed = agreeing / (readings * (readers - 1));
        return Figure.of((observed - chance) / (1 - chance));
    }
}
