package io.patella.statistics.cutpoints;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Searches cutpoints for QWK on the grid 0.30, 0.31 ... 0.70.
 *
 * <p>With I_k = 1[p_k > c_k] a decoded grade is the sum of the I_k, and QWK depends on a table only through the sums of
 * grade, grade x reference and grade squared. Those are sums over single thresholds and over pairs of thresholds, so four
 * vectors of length 41 and six 41 x 41 tables, filled once, answer every one of the 135,751 combinations in ten additions.
 * All in whole numbers: two combinations tie exactly when their QWK is the same fraction.
 */
public final class CutpointSearch {
    private static final int FIRST = 30;
    private static final int STEPS = 41;
    private static final int K = Grade.THRESHOLDS;
    private static final String UNDEFINED =
            "QWK is undefined for every combination: one reference grade, always predicted";

    private final long images;
    private final long sumReference;
    private final long sumReferenceSquared;
    /** How many images pass threshold k at step i, and their reference grades' sum. */
    private final long[][] passing = new long[K][STEPS];

    private final long[][] passingReference = new long[K][STEPS];
    /** How many images pass threshold k at step i and threshold l > k at step j. */
    private final long[][][][] passingBoth = new long[K][K][][];

    private CutpointSearch(double[][] ordinal, int[] grades) {
        images = grades.length;
        long sum = 0;
        long squares = 0;
        for (int k = 0; k < K; k++) {
            for (int l = k + 1; l < K; l++) {
                passingBoth[k][l] = new long[STEPS][STEPS];
            }
        }
        double[] grid = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            grid[i] = value(i);
        }
        int[] passed = new int[K];
        for (int row = 0; row < grades.length; row++) {
            sum += grades[row];
            squares += (long) grades[row] * grades[row];
            for (int k = 0; k < K; k++) {
                passed[k] = below(grid, ordinal[row][k]);
                if (passed[k] > 0) {
                    passing[k][passed[k] - 1]++;
                    passingReference[k][passed[k] - 1] += grades[row];
                }
            }
            for (int k = 0; k < K; k++) {
                for (int l = k + 1; l < K; l++) {
                    if (passed[k] > 0 && passed[l] > 0) {
                        passingBoth[k][l][passed[k] - 1][passed[l] - 1]++;
                    }
                }
            }
        }
        sumReference = sum;
        sumReferenceSquared = squares;
        cumulate();
    }

    /** Turns "the last step passed is i" into "step i is passed": sums from the right. */
    private void cumulate() {
        for (int k = 0; k < K; k++) {
            for (int i = STEPS - 2; i >= 0; i--) {
                passing[k][i] += passing[k][i + 1];
                passingReference[k][i] += passingReference[k][i + 1];
            }
            for (int l = k + 1; l < K; l++) {
                long[][] both = passingBoth[k][l];
                for (int i = STEPS - 1; i >= 0; i--) {
                    for (int j = STEPS - 2; j >= 0; j--) {
                        both[i][j] += both[i][j + 1];
                    }
                    for (int j = 0; j < STEPS && i < STEPS - 1; j++) {
                        both[i][j] += both[i + 1][j];
                    }
                }
            }
        }
    }

    /**
     * The best of all nondecreasing combinations. Chosen is the member of the plateau nearest to its mean (least squares;
     * ties: the first in lexicographic order).
     *
     * @param ordinal {@code [images][4]} probabilities p(y > k)
     * @param grades reference grades 0..4
     */
    public static TunedCutpoints exact(double[][] ordinal, int[] grades) {
        return new CutpointSearch(ordinal, grades).exact();
    }

    /**
     * The paper's coordinate descent from 0.50: k = 0..3 in turn, values allowed by the neighbours, a move only when strictly
     * better (among equals the value nearest to the present one, then the lower), until a sweep without a move. It may stop
     * below the optimum.
     *
     * @param ordinal {@code [images][4]} probabilities p(y > k)
     * @param grades reference grades 0..4
     */
    public static TunedCutpoints coordinateDescent(double[][] ordinal, int[] grades) {
        return new CutpointSearch(ordinal, grades).coordinateDescent();
    }

    private TunedCutpoints exact() {
        Best best = new Best();
        forAll(best);
        if (best.size == 0) {
            return undefined();
        }
        Nearest nearest = new Nearest(best);
        forAll(nearest);
        return tuned(nearest.steps, best.size, values(best.minimum), values(best.maximum));
    }

    private TunedCutpoints coordinateDescent() {
        int[] at = {20, 20, 20, 20};
        @Nullable Kappa current = kappa(at);
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int k = 0; k < K; k++) {
                int from = k == 0 ? 0 : at[k - 1];
                int to = k == K - 1 ? STEPS - 1 : at[k + 1];
                int start = at[k];
                int best = start;
                for (int distance = 1; distance < STEPS; distance++) {
                    for (int candidate : new int[] {start - distance, start + distance}) {
                        if (candidate >= from && candidate <= to) {
                            at[k] = candidate;
                            Kappa there = kappa(at);
                            if (there != null && (current == null || there.compareTo(current) > 0)) {
                                current = there;
                                best = candidate;
                            }
                        }
                    }
                }
                at[k] = best;
                moved |= best != start;
            }
        }
        return current == null ? undefined() : tuned(at, 1, values(at), values(at));
    }

    private TunedCutpoints tuned(int[] steps, int size, List<Double> minimum, List<Double> maximum) {
        Kappa kappa = kappa(steps);
        return new TunedCutpoints(
                new Cutpoints(value(steps[0]), value(steps[1]), value(steps[2]), value(steps[3])),
                kappa == null ? Figure.undefined(UNDEFINED) : Figure.of(kappa.value()),
                new Plateau(size, minimum, maximum));
    }

    private static TunedCutpoints undefined() {
        return new TunedCutpoints(Cutpoints.HALF, Figure.undefined(UNDEFINED), new Plateau(0, List.of(), List.of()));
    }

    /** Receives every combination in lexicographic order. */
    private interface Visitor {
        void visit(int a, int b, int c, int d, long observed, long expected);
    }

    private void forAll(Visitor visitor) {
        for (int a = 0; a < STEPS; a++) {
            for (int b = a; b < STEPS; b++) {
                for (int c = b; c < STEPS; c++) {
                    for (int d = c; d < STEPS; d++) {
                        long grade = passing[0][a] + passing[1][b] + passing[2][c] + passing[3][d];
                        long product = passingReference[0][a]
                                + passingReference[1][b]
                                + passingReference[2][c]
                                + passingReference[3][d];
                        long squared = grade
                                + 2
                                        * (passingBoth[0][1][a][b]
                                                + passingBoth[0][2][a][c]
                                                + passingBoth[0][3][a][d]
                                                + passingBoth[1][2][b][c]
                                                + passingBoth[1][3][b][d]
                                                + passingBoth[2][3][c][d]);
                        visitor.visit(
                                a,
                                b,
                                c,
                                d,
                                sumReferenceSquared - 2 * product + squared,
                                images * (sumReferenceSquared + squared) - 2 * sumReference * grade);
                    }
                }
            }
        }
    }

    /** QWK of one combination; null where undefined. */
    private @Nullable Kappa kappa(int[] steps) {
        long grade = 0;
        long product = 0;
        long pairs = 0;
        for (int k = 0; k < K; k++) {
            grade += passing[k][steps[k]];
            product += passingReference[k][steps[k]];
            for (int l = k + 1; l < K; l++) {
                pairs += passingBoth[k][l][steps[k]][steps[l]];
            }
        }
        long squared = grade + 2 * pairs;
        long expected = images * (sumReferenceSquared + squared) - 2 * sumReference * grade;
        return expected == 0 ? null : new Kappa(sumReferenceSquared - 2 * product + squared, expected, images);
    }

    /** QWK = 1 - n observed / expected as a fraction. */
    private record Kappa(long observed, long expected, long images) implements Comparable<Kappa> {
        double value() {
            return (double) (expected - images * observed) / expected;
        }

        @Override
        public int compareTo(Kappa other) {
            return -compareRatios(observed, expected, other.observed, other.expected);
        }
    }

    /** Compares a/b with c/d, all from 0, b and d above 0, in 128 bits. */
    private static int compareRatios(long a, long b, long c, long d) {
        int high = Long.compare(Math.multiplyHigh(a, d), Math.multiplyHigh(c, b));
        return high != 0 ? high : Long.compareUnsigned(a * d, c * b);
    }

    /** First pass: the best ratio, and size, bounds and sums of its plateau. */
    private static final class Best implements Visitor {
        private long observed;
        private long expected;
        private int size;
        private final int[] minimum = new int[K];
        private final int[] maximum = new int[K];
        private final long[] sum = new long[K];

        @Override
        public void visit(int a, int b, int c, int d, long observedHere, long expectedHere) {
            if (expectedHere == 0) {
                return;
            }
            int order = size == 0 ? -1 : compareRatios(observedHere, expectedHere, observed, expected);
            if (order > 0) {
                return;
            }
            if (order < 0) {
                observed = observedHere;
                expected = expectedHere;
                size = 0;
                Arrays.fill(sum, 0);
                Arrays.fill(minimum, STEPS);
                Arrays.fill(maximum, -1);
            }
            size++;
            add(0, a);
            add(1, b);
            add(2, c);
            add(3, d);
        }

        private void add(int k, int step) {
            sum[k] += step;
            minimum[k] = Math.min(minimum[k], step);
            maximum[k] = Math.max(maximum[k], step);
        }
    }

    /** Second pass: the member of the plateau nearest to its mean; distances times size squared, so in whole numbers. */
    private static final class Nearest implements Visitor {
        private final Best best;
        private long least = Long.MAX_VALUE;
        private final int[] steps = new int[K];

        Nearest(Best best) {
            this.best = best;
        }

        @Override
        public void visit(int a, int b, int c, int d, long observed, long expected) {
            if (expected == 0 || compareRatios(observed, expected, best.observed, best.expected) != 0) {
                return;
            }
            long distance = squared(0, a) + squared(1, b) + squared(2, c) + squared(3, d);
            if (distance < least) {
                least = distance;
                steps[0] = a;
                steps[1] = b;
                steps[2] = c;
                steps[3] = d;
            }
        }

        private long squared(int k, int step) {
            long difference = (long) best.size * step - best.sum[k];
            return difference * difference;
        }
    }

    /** Number of grid values below {@code p}: the steps at which {@code p} passes. */
    private static int below(double[] grid, double p) {
        int count = 0;
        while (count < STEPS && p > grid[count]) {
            count++;
        }
        return count;
    }

    /** The double i / 100 of a step. */
    private static double value(int step) {
        return (FIRST + step) / 100.0;
    }

    private static List<Double> values(int[] steps) {
        return Arrays.stream(steps).mapToObj(CutpointSearch::value).toList();
    }
}
