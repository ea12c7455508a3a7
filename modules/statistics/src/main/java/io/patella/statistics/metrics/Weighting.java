package io.patella.statistics.metrics;

/** How a disagreement of two grades counts in a kappa coefficient. */
public enum Weighting {
    /** Any disagreement counts 1. */
    UNWEIGHTED,
    /** |i - j|. */
    LINEAR,
    /** (i - j)^2. */
    QUADRATIC;

    /** The disagreement of grades {@code i} and {@code j}, a whole number from 0. */
    public int disagreement(int i, int j) {
        int distance = Math.abs(i - j);
        return switch (this) {
            case UNWEIGHTED -> Integer.signum(distance);
            case LINEAR -> distance;
            case QUADRATIC -> distance * distance;
        };
    }
}
