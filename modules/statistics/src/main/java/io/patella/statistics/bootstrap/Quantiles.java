package io.patella.statistics.bootstrap;

/** Quantiles of sorted values by linear interpolation, as numpy computes them. */
final class Quantiles {
    private Quantiles() {}

    /**
     * The quantile {@code q} in 0..1 of {@code sorted} (at least one value).
     */
    static double linear(double[] sorted, double q) {
        double position = Math.min(1, Math.max(0, q)) * (sorted.length - 1);
        int below = (int) Math.floor(position);
        if (below >= sorted.length - 1) {
            return sorted[sorted.length - 1];
        }
        double share = position - below;
        double difference = sorted[below + 1] - sorted[below];
        return share >= 0.5 ? sorted[below + 1] - difference * (1 - share) : sorted[below] + difference * share;
    }

    /**
     * Monte-Carlo standard error of a quantile: half the distance between the quantiles one standard error of the level
     * below and above (the level's error being {@code levelError}); free of a density estimate.
     */
    static double error(double[] sorted, double q, double levelError) {
        return (linear(sorted, q + levelError) - linear(sorted, q - levelError)) / 2;
    }
}
