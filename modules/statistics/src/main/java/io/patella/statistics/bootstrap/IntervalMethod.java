package io.patella.statistics.bootstrap;

import java.util.Locale;

/** How an interval follows from the replicates. */
public enum IntervalMethod {
    /** Percentiles of the replicates, linear interpolation (numpy's default). */
    PERCENTILE,
    /** Bias-corrected and accelerated (Efron 1987); acceleration from leaving out one patient at a time. */
    BCA;

    /** The word in files and options: percentile, bca. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
