package io.patella.statistics.curves;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The areas of {@link Ranking} when each image counts so many times: sorted once, then one walk per set of weights. Made for
 * resampling; thread-safe.
 */
public final class WeightedRanking implements Serializable {
    /** Images from the highest score down; the sign bit marks negatives (stored as -1 - image). */
    private final int[] image;

    /** Where each group of equal scores ends. */
    private final int[] end;

    private WeightedRanking(int[] image, int[] end) {
        this.image = image;
        this.end = end;
    }

    /** Ranks {@code scores[i]} (finite) of image {@code i} with truth {@code positive[i]}. */
    public static WeightedRanking of(double[] scores, boolean[] positive) {
        return of(scores, positive, IntStream.range(0, scores.length).toArray());
    }

    /** As {@link #of(double[], boolean[])} where score {@code i} belongs to image {@code imageOf[i]}. */
    public static WeightedRanking of(double[] scores, boolean[] positive, int[] imageOf) {
        long[] keyed = new long[scores.length];
        // 0.0 + joins the two zeros, which are one score
        double[] distinct = Arrays.stream(scores)
                .map(score -> 0.0 + score)
                .sorted()
                .distinct()
                .toArray();
        for (int i = 0; i < scores.length; i++) {
            int rank = distinct.length - 1 - Arrays.binarySearch(distinct, 0.0 + scores[i]);
            keyed[i] = (long) rank << 32 | i;
        }
        Arrays.sort(keyed);
        int[] image = new int[keyed.length];
        int[] end = new int[distinct.length];
        for (int at = 0; at < keyed.length; at++) {
            int i = (int) keyed[at];
            image[at] = positive[i] ? imageOf[i] : -1 - imageOf[i];
            end[(int) (keyed[at] >>> 32)] = at + 1;
        }
        return new WeightedRanking(image, end);
    }

    /**
     * Area under the ROC curve and average precision.
     *
     * @param weight how often each image counts
     * @return the two; NaN where undefined
     */
    public double[] areas(int[] weight) {
        long found = 0;
        long wrong = 0;
        double twice = 0; // whole numbers, exact below 2^53
        double gains = 0;
        int at = 0;
        for (int stop : end) {
            long yes = 0;
            long no = 0;
            for (; at < stop; at++) {
                int each = image[at];
                if (each >= 0) {
                    yes += weight[each];
                } else {
                    no += weight[-1 - each];
                }
            }
            twice += (double) no * (2 * found + yes);
            found += yes;
            wrong += no;
            if (yes > 0) {
                gains += yes * ((double) found / (found + wrong));
            }
        }
        return new double[] {
            found == 0 || wrong == 0 ? Double.NaN : twice / (2.0 * found * wrong),
            found == 0 ? Double.NaN : gains / found
        };
    }
}
