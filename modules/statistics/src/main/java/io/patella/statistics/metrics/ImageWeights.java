package io.patella.statistics.metrics;

/**
 * How often each image counts in up to {@link #LANES} resamples, side by side: one walk along the images then serves them all,
 * which is what a walk costs (its jumps and its branches), not the sums on its way.
 */
public final class ImageWeights {
    /** Resamples side by side. */
    public static final int LANES = 8;

    private final int resamples;
    private final double[] times;

    private ImageWeights(int resamples, double[] times) {
        this.resamples = resamples;
        this.times = times;
    }

    /**
     * Of resamples of patients.
     *
     * @param patient of each image
     * @param timesDrawn one to {@link #LANES} resamples: how often each patient was drawn
     */
    public static ImageWeights of(int[] patient, int[][] timesDrawn) {
        double[] times = new double[patient.length * LANES];
        for (int i = 0; i < patient.length; i++) {
            for (int lane = 0; lane < timesDrawn.length; lane++) {
                times[i * LANES + lane] = timesDrawn[lane][patient[i]];
            }
        }
        return new ImageWeights(timesDrawn.length, times);
    }

    /** How many resamples there are; the lanes beyond hold zeros. */
    public int resamples() {
        return resamples;
    }

    /** Whole numbers, image by image: {@code [images * LANES]}. Not to be changed. */
    public double[] times() {
        return times;
    }
}
