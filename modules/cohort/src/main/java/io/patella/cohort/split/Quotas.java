package io.patella.cohort.split;

import io.patella.cohort.Part;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many patients of each stratum go into each part, in whole numbers. A quota is n * weight / sum of weights; all
 * arithmetic is on the integers n * weight, so nothing is ever rounded by floating point.
 */
final class Quotas {
    /** The order of the columns everywhere. */
    static final List<Part> ORDER = List.of(Part.TRAIN, Part.VALIDATION, Part.TEST);

    static final int PARTS = 3;

    private Quotas() {}

    /**
     * Divides n by largest remainder: each part gets its quota rounded down, what is left goes one by one to the largest
     * remainders; equal remainders: train before validation before test.
     */
    static int[] largestRemainder(int n, Ratios ratios) {
        int[] sizes = new int[PARTS];
        long[] remainders = new long[PARTS];
        int left = n;
        for (int p = 0; p < PARTS; p++) {
            long quota = (long) n * ratios.weight(p);
            sizes[p] = (int) (quota / ratios.sum());
            remainders[p] = quota % ratios.sum();
            left -= sizes[p];
        }
        for (; left > 0; left--) {
            int largest = 0;
            for (int p = 1; p < PARTS; p++) {
                if (remainders[p] > remainders[largest]) {
                    largest = p;
                }
            }
            sizes[largest]++;
            remainders[largest] = -1;
        }
        return sizes;
    }

    /**
     * The table whose rows sum to the strata, whose columns sum to {@code totals}, whose cells are their quotas rounded down
     * or up, and in which the remainders rounded up are the largest possible in sum (that is least squares). Among equals the
     * one that rounds up the earlier part in the earlier stratum. Such a table exists for any three parts whose totals are
     * themselves quotas rounded down or up (integral flow; with three columns Hall's condition always holds).
     *
     * @param strata patients per stratum
     * @return {@code [strata][parts]}
     */
    static int[][] table(int[] strata, int[] totals, Ratios ratios) {
        int[][] floor = new int[strata.length][PARTS];
        long[][] remainder = new long[strata.length][PARTS];
        int[] wanted = totals.clone();
        int[] ups = new int[strata.length];
        for (int s = 0; s < strata.length; s++) {
            ups[s] = strata[s];
            for (int p = 0; p < PARTS; p++) {
                long quota = (long) strata[s] * ratios.weight(p);
                floor[s][p] = (int) (quota / ratios.sum());
                remainder[s][p] = quota % ratios.sum();
                wanted[p] -= floor[s][p];
                ups[s] -= floor[s][p];
            }
        }
        Search search = new Search(remainder, ups);
        search.from(0, wanted, 0, new int[strata.length]);
        int[] best = search.best;
        if (best == null) {
            throw new IllegalStateException("no table for strata " + Arrays.toString(strata) + ", " + ratios);
        }
        for (int s = 0; s < strata.length; s++) {
            for (int p = 0; p < PARTS; p++) {
                floor[s][p] += (best[s] >> (PARTS - 1 - p)) & 1;
            }
        }
        return floor;
    }

    /** Tries every choice of cells to round up: at most 3 ways for each of five strata. */
    private static final class Search {
        private final long[][] remainder;
        private final int[] ups;
        private int @Nullable [] best;
        private long bestSum = -1;

        Search(long[][] remainder, int[] ups) {
            this.remainder = remainder;
            this.ups = ups;
        }

        /** {@code chosen[s]} has a bit per part, train the highest: counting down prefers the earlier part. */
        void from(int s, int[] wanted, long sum, int[] chosen) {
            if (s == ups.length) {
                if (sum > bestSum && wanted[0] == 0 && wanted[1] == 0 && wanted[2] == 0) {
                    bestSum = sum;
                    best = chosen.clone();
                }
                return;
            }
            for (int mask = (1 << PARTS) - 1; mask >= 0; mask--) {
                if (Integer.bitCount(mask) == ups[s]) {
                    long added = 0;
                    boolean possible = true;
                    int[] left = wanted.clone();
                    for (int p = 0; p < PARTS; p++) {
                        if (((mask >> (PARTS - 1 - p)) & 1) == 1) {
                            possible &= remainder[s][p] > 0 && --left[p] >= 0;
                            added += remainder[s][p];
                        }
                    }
                    if (possible) {
                        chosen[s] = mask;
                        from(s + 1, left, sum + added, chosen);
                    }
                }
            }
        }
    }

    /**
     * The table nearest to the quotas (least squares) whose rows and columns sum as given and whose cells are at least
     * {@code atLeast}: successive shortest paths, exact for convex costs. For cohorts in which linked patients forbid
     * {@link #table}.
     *
     * @param totals column sums, each at least that of {@code atLeast}; together the sum of the strata
     */
    static int[][] nearest(int[] strata, int[] totals, int[][] atLeast, Ratios ratios) {
        int[][] cells = new int[strata.length][];
        int[] rowLeft = strata.clone();
        int[] columnLeft = totals.clone();
        for (int s = 0; s < strata.length; s++) {
            cells[s] = atLeast[s].clone();
            for (int p = 0; p < PARTS; p++) {
                rowLeft[s] -= cells[s][p];
                columnLeft[p] -= cells[s][p];
            }
        }
        for (int left = Arrays.stream(rowLeft).sum(); left > 0; left--) {
            augment(strata, atLeast, ratios, cells, rowLeft, columnLeft);
        }
        return cells;
    }

    /** Sends one patient along the cheapest path; on the way others of the same stratum may change their part. */
    private static void augment(
            int[] strata, int[][] atLeast, Ratios ratios, int[][] cells, int[] rowLeft, int[] columnLeft) {
        int rows = strata.length;
        long[] cost = new long[rows + PARTS]; // nodes: strata, then parts
        int[] before = new int[rows + PARTS];
        long unreachable = Long.MAX_VALUE / 4;
        for (int node = 0; node < cost.length; node++) {
            cost[node] = node < rows && rowLeft[node] > 0 ? 0 : unreachable;
            before[node] = -1;
        }
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int s = 0; s < rows; s++) {
                for (int p = 0; p < PARTS; p++) {
                    long up = step(cells[s][p], strata[s], ratios, p);
                    if (cost[s] < unreachable && cost[s] + up < cost[rows + p]) {
                        cost[rows + p] = cost[s] + up;
                        before[rows + p] = s;
                        changed = true;
                    }
                    if (cells[s][p] > atLeast[s][p] && cost[rows + p] < unreachable) {
                        long down = -step(cells[s][p] - 1, strata[s], ratios, p);
                        if (cost[rows + p] + down < cost[s]) {
                            cost[s] = cost[rows + p] + down;
                            before[s] = rows + p;
                            changed = true;
                        }
                    }
                }
            }
        }
        int end = -1;
        for (int p = 0; p < PARTS; p++) {
            if (columnLeft[p] > 0 && cost[rows + p] < unreachable && (end < 0 || cost[rows + p] < cost[end])) {
                end = rows + p;
            }
        }
        columnLeft[end - rows]--;
        int node = end;
        while (before[node] >= 0) {
            int from = before[node];
            if (node >= rows) {
                cells[from][node - rows]++;
            } else {
                cells[node][from - rows]--;
            }
            node = from;
        }
        rowLeft[node]--;
    }

    /** What the squared distance to the quota grows by when the cell goes from x to x + 1, times the squared weights' sum. */
    private static long step(int x, int stratum, Ratios ratios, int part) {
        long sum = ratios.sum();
        return sum * sum * (2L * x + 1) - 2 * sum * stratum * ratios.weight(part);
    }
}
