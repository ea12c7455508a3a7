package io.patella.statistics.bootstrap;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Figures of a table in which each patient counts so many times; for what does not follow from counts of cells. Asked for several
 * resamples at once, since some figures cost less together. Thread-safe.
 */
@FunctionalInterface
public interface WeightStatistic {
    /**
     * The figures of each resample, always as many; NaN where undefined.
     *
     * @param timesDrawn of each resample, one per patient index; must not be kept or changed
     */
    double[][] of(int[][] timesDrawn);

    /** One that looks at each resample by itself. */
    static WeightStatistic ofEach(Function<int[], double[]> figures) {
        return timesDrawn -> Arrays.stream(timesDrawn).map(figures).toArray(double[][]::new);
    }
}
