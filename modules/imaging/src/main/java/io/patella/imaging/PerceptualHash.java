package io.patella.imaging;

/**
 * A 64-bit fingerprint that survives recompression and resizing: the picture averaged down to 32 x 32, its cosine transform,
 * and for the 8 x 8 lowest frequencies whether each lies above their median. Near-duplicates differ in few bits
 * ({@link #distance}); mirrored pictures do not match.
 */
public final class PerceptualHash {
    private static final int SIDE = 32;
    private static final int KEPT = 8;
    private static final double[][] COSINE = new double[KEPT][SIDE];

    static {
        for (int k = 0; k < KEPT; k++) {
            for (int n = 0; n < SIDE; n++) {
                COSINE[k][n] = Math.cos(Math.PI / SIDE * (n + 0.5) * k);
            }
        }
    }

    private PerceptualHash() {}

    /** The fingerprint; bit 63 is the constant term, then row by row. */
    public static long of(Gray8 picture) {
        double[] small = Thumbnail.of(picture, SIDE, SIDE);
        double[] half = new double[SIDE * KEPT];
        for (int row = 0; row < SIDE; row++) {
            for (int k = 0; k < KEPT; k++) {
                double sum = 0;
                for (int n = 0; n < SIDE; n++) {
                    sum += small[row * SIDE + n] * COSINE[k][n];
                }
                half[row * KEPT + k] = sum;
            }
        }
        double[] low = new double[KEPT * KEPT];
        for (int k = 0; k < KEPT; k++) {
            for (int column = 0; column < KEPT; column++) {
                double sum = 0;
                for (int n = 0; n < SIDE; n++) {
                    sum += half[n * KEPT + column] * COSINE[k][n];
                }
                low[k * KEPT + column] = sum;
            }
        }
        double[] sorted = low.clone();
        java.util.Arrays.sort(sorted);
        double median = (sorted[31] + sorted[32]) / 2;
        long hash = 0;
        for (double each : low) {
            hash = hash << 1 | (each > median ? 1 : 0);
        }
        return hash;
    }

    /** Bits in which two fingerprints differ, 0..64. */
    public static int distance(long one, long other) {
        return Long.bitCount(one ^ other);
    }
}
