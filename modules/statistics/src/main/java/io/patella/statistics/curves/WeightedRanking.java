package io.patella.statistics.curves;

import static io.patella.statistics.metrics.ImageWeights.LANES;

import io.patella.statistics.metrics.ImageWeights;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The areas of {@link Ranking} when each image counts so many times: sorted once, then one walk for several sets of weights. Made for
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
     * Area under the ROC curve and average precision in each resample.
     *
     * @return {@code [resamples][2]}; NaN where undefined
     */
    public double[][] areas(ImageWeights weights) {
        double[] times = weights.times();
        // whole numbers, exact below 2^53, but for the gains
        double[] found = new double[LANES];
        double[] wrong = new double[LANES];
        double[] twice = new double[LANES];
        double[] gains = new double[LANES];
        double[] yes = new double[LANES];
        double[] no = new double[LANES];
        int at = 0;
        for (int stop : end) {
            Arrays.fill(yes, 0);
            Arrays.fill(no, 0);
            boolean positives = false;
            for (; at < stop; at++) {
                int each = image[at];
                positives |= each >= 0;
                double[] sums = each >= 0 ? yes : no;
                int first = LANES * (each >= 0 ? each : -1 - each);
                for (int lane = 0; lane < LANES; lane++) {
                    sums[lane] += times[first + lane];
                }
            }
            for (int lane = 0; lane < LANES; lane++) {
                twice[lane] += no[lane] * (2 * found[lane] + yes[lane]);
                found[lane] += yes[lane];
                wrong[lane] += no[lane];
            }
            if (positives) {
                for (int lane = 0; lane < LANES; lane++) {
                    gains[lane] += yes[lane] * (found[lane] / Math.max(1, found[lane] + wrong[lane]));
                }
            }
        }
        double[][] areas = new double[weights.resamples()][];
        for (int lane = 0; lane < areas.length; lane++) {
            areas[lane] = new double[] {
                found[lane] == 0 || wrong[lane] == 0 ? Double.NaN : twice[lane] / (2.0 * found[lane] * wrong[lane]),
                found[lane] == 0 ? Double.NaN : gains[lane] / found[lane]
            };
        }
        return areas;
    }
}
