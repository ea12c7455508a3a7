package io.patella.statistics.bootstrap;

/** Figures that follow from counts of cells alone, such as the four metrics from a confusion matrix. Thread-safe. */
@FunctionalInterface
public interface CountStatistic {
    /** The figures of the counts, always as many; NaN where undefined. Must not keep or change {@code cells}. */
    double[] of(int[] cells);
}
