package io.patella.statistics.bootstrap;

/** Figures of a table in which each patient counts so many times; for what does not follow from counts of cells. Thread-safe. */
@FunctionalInterface
public interface WeightStatistic {
    /** The figures, always as many; NaN where undefined. Must not keep or change {@code timesDrawn} (one per patient index). */
    double[] of(int[] timesDrawn);
}
