package io.patella.statistics.cutpoints;

import io.patella.cohort.Grade;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where each threshold of an ordinal head would be cut for QWK if the cutpoints had no order (not in the paper, whose cutpoints must
 * not fall). A head that says too little for the high grades wants falling ones; moving its biases by the logits of these, so that
 * 0.50 is the place to cut, leaves the ordered cutpoints room on both sides.
 */
public final class ThresholdCentre {
    private static final int FIRST = 10;
    private static final int LAST = 90;
    private static final int SWEEPS = 20;

    private ThresholdCentre() {}

    /**
     * Coordinate ascent from 0.50 on the grid 0.10, 0.11 ... 0.90: each threshold in turn moves to the middle of the best values that
     * lie next to each other, until a sweep moves none. A threshold that changes nothing stays.
     *
     * @param ordinal {@code [images][4]} probabilities p(y > k)
     * @param grades reference grades 0..4
     * @return four probabilities in 0.10..0.90
     */
    public static List<Double> of(double[][] ordinal, int[] grades) {
        int[] at = new int[Grade.THRESHOLDS];
        Arrays.fill(at, 50);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            int[] before = at.clone();
            for (int k = 0; k < at.length; k++) {
                at[k] = middleOfBest(ordinal, grades, at, k);
            }
            if (Arrays.equals(at, before)) {
                break;
            }
        }
        List<Double> centre = new ArrayList<>();
        for (int each : at) {
            centre.add(each / 100.0);
        }
        return centre;
    }

    private static int middleOfBest(double[][] ordinal, int[] grades, int[] at, int k) {
        int[] tried = at.clone();
        double best = qwk(ordinal, grades, at);
        int first = at[k];
        int last = at[k];
        for (int candidate = FIRST; candidate <= LAST; candidate++) {
            tried[k] = candidate;
            double here = qwk(ordinal, grades, tried);
            if (here > best) {
                best = here;
                first = candidate;
                last = candidate;
            } else if (here == best && last == candidate - 1) {
                last = candidate;
            }
        }
        return best > qwk(ordinal, grades, at) ? (first + last) / 2 : at[k];
    }

    private static double qwk(double[][] ordinal, int[] grades, int[] at) {
        int[] predicted = new int[grades.length];
        for (int i = 0; i < grades.length; i++) {
            for (int k = 0; k < at.length; k++) {
                predicted[i] += ordinal[i][k] > at[k] / 100.0 ? 1 : 0;
            }
        }
        double qwk = Metric.QWK.ofCounts(Confusion.of(grades, predicted).cells());
        return Double.isFinite(qwk) ? qwk : 0;
    }
}
