package io.patella.cohort.split;

import io.patella.cohort.Grade;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Places groups of linked patients before everybody else. A part that holds more linked patients than its size is the only
 * way in which sizes can become unreachable: patients without links fill every gap. So the sum of these overflows is made as
 * small as it can be (by dynamic programming over group sizes where drawing lots does not reach zero), then strata are
 * respected as far as possible, and what is still free is drawn, in proportion to the room left in each part.
 */
final class LinkedPlacement {
    /** Dynamic programming keeps one cell per pair of part sizes and distinct group size; beyond this lots must do. */
    private static final long MOST_CELLS = 200_000_000;

    private final List<List<Patient>> groups;
    private final int[][] wanted;
    private final int[] totals;
    private final ToLongFunction<String> key;

    /**
     * @param groups linked patients, in drawn order
     * @param wanted patients per stratum and part
     * @param totals patients per part
     * @param key draws a number for a text
     */
    LinkedPlacement(List<List<Patient>> groups, int[][] wanted, int[] totals, ToLongFunction<String> key) {
        this.groups = groups;
        this.wanted = wanted;
        this.totals = totals;
        this.key = key;
    }

    /** The part of each group: 0 train, 1 validation, 2 test. */
    int[] parts() {
        int[] parts = place(null);
        if (overflow(parts) > 0) {
            Map<Integer, int[]> best = fewestOverflowing();
            if (best != null) {
                parts = place(best);
            }
        }
        return parts;
    }

    /**
     * The nearest reachable part sizes: a part that overflows keeps what it holds, and the others give up as many, one by one
     * whichever has given least (train before validation before test).
     */
    static int[] reachable(int[] totals, int[][] placed) {
        int[] held = new int[Quotas.PARTS];
        for (int[] row : placed) {
            for (int p = 0; p < Quotas.PARTS; p++) {
                held[p] += row[p];
            }
        }
        int[] reached = totals.clone();
        int excess = 0;
        for (int p = 0; p < Quotas.PARTS; p++) {
            excess += Math.max(0, held[p] - totals[p]);
            reached[p] = Math.max(held[p], totals[p]);
        }
        for (; excess > 0; excess--) {
            int next = -1;
            for (int p = 0; p < Quotas.PARTS; p++) {
                if (reached[p] > held[p] && (next < 0 || totals[p] - reached[p] < totals[next] - reached[next])) {
                    next = p;
                }
            }
            reached[next]--;
        }
        return reached;
    }

    private int overflow(int[] parts) {
        int[] held = new int[Quotas.PARTS];
        for (int g = 0; g < parts.length; g++) {
            held[parts[g]] += groups.get(g).size();
        }
        int overflow = 0;
        for (int p = 0; p < Quotas.PARTS; p++) {
            overflow += Math.max(0, held[p] - totals[p]);
        }
        return overflow;
    }

    /**
     * Places the largest groups first, each into a part where all its strata still have room, else where the part has, else
     * where it overflows least.
     *
     * @param allowed how many groups of each size may go into each part; null: no such bound
     */
    private int[] place(@Nullable Map<Integer, int[]> allowed) {
        int[][] room = new int[Grade.COUNT][];
        for (int s = 0; s < Grade.COUNT; s++) {
            room[s] = wanted[s].clone();
        }
        int[] roomInPart = totals.clone();
        int[] parts = new int[groups.size()];
        List<Integer> order = new ArrayList<>();
        for (int g = 0; g < parts.length; g++) {
            order.add(g);
        }
        order.sort(Comparator.comparingInt(g -> -groups.get(g).size())); // stable: drawn order among equals
        for (int g : order) {
            List<Patient> group = groups.get(g);
            int[] left = allowed == null ? null : allowed.get(group.size());
            long[] score = new long[Quotas.PARTS];
            long best = Long.MAX_VALUE;
            for (int p = 0; p < Quotas.PARTS; p++) {
                int[] lacking = new int[Grade.COUNT];
                for (Patient each : group) {
                    lacking[each.stratum()]++;
                }
                long cells = 0;
                for (int s = 0; s < Grade.COUNT; s++) {
                    cells += Math.max(0, lacking[s] - Math.max(0, room[s][p]));
                }
                long whole = Math.max(0, group.size() - Math.max(0, roomInPart[p]));
                score[p] = left != null && left[p] == 0 ? Long.MAX_VALUE : whole * Integer.MAX_VALUE + cells;
                best = Math.min(best, score[p]);
            }
            int part = draw(group, score, best, roomInPart);
            parts[g] = part;
            if (left != null) {
                left[part]--;
            }
            roomInPart[part] -= group.size();
            for (Patient each : group) {
                room[each.stratum()][part]--;
            }
        }
        return parts;
    }

    /** Draws among the best parts in proportion to their room. */
    private int draw(List<Patient> group, long[] score, long best, int[] roomInPart) {
        long all = 0;
        for (int p = 0; p < Quotas.PARTS; p++) {
            all += score[p] == best ? Math.max(1, roomInPart[p]) : 0;
        }
        long lot = Math.floorMod(key.applyAsLong("group of " + group.get(0).patientId()), all);
        for (int p = 0; p < Quotas.PARTS; p++) {
            if (score[p] == best) {
                lot -= Math.max(1, roomInPart[p]);
                if (lot < 0) {
                    return p;
                }
            }
        }
        throw new IllegalStateException("no part among " + Arrays.toString(score));
    }

    /**
     * How many groups of each size go into each part so that the overflow is the smallest possible: reachable pairs
     * (patients in train, patients in validation), one distinct size after the other. Null where that is too large to do.
     */
    private @Nullable Map<Integer, int[]> fewestOverflowing() {
        TreeMap<Integer, Integer> sizes = new TreeMap<>();
        int n = 0;
        for (List<Patient> group : groups) {
            sizes.merge(group.size(), 1, Integer::sum);
            n += group.size();
        }
        int side = n + 1;
        if ((long) side * side * sizes.size() > MOST_CELLS) {
            return null;
        }
        // used[layer][t * side + v]: fewest groups of this size outside test that lead to (t, v); -1: unreachable
        List<int[]> layers = new ArrayList<>();
        List<Integer> order = new ArrayList<>(sizes.keySet());
        int[] before = new int[side * side];
        Arrays.fill(before, -1);
        before[0] = 0;
        for (int size : order) {
            int[] used = new int[side * side];
            int most = sizes.getOrDefault(size, 0);
            for (int t = 0; t < side; t++) {
                for (int v = 0; t + v < side; v++) {
                    int at = t * side + v;
                    int fewest = before[at] >= 0 ? 0 : Integer.MAX_VALUE;
                    if (t >= size && used[at - size * side] >= 0) {
                        fewest = Math.min(fewest, used[at - size * side] + 1);
                    }
                    if (v >= size && used[at - size] >= 0) {
                        fewest = Math.min(fewest, used[at - size] + 1);
                    }
                    used[at] = fewest <= most ? fewest : -1;
                }
            }
            layers.add(used);
            before = used;
        }
        int bestAt = -1;
        int fewestOver = Integer.MAX_VALUE;
        for (int t = 0; t < side; t++) {
            for (int v = 0; t + v < side; v++) {
                int over = Math.max(0, t - totals[0]) + Math.max(0, v - totals[1]) + Math.max(0, n - t - v - totals[2]);
                if (before[t * side + v] >= 0 && over < fewestOver) {
                    fewestOver = over;
                    bestAt = t * side + v;
                }
            }
        }
        Map<Integer, int[]> allowed = new TreeMap<>();
        int at = bestAt;
        for (int layer = layers.size() - 1; layer >= 0; layer--) {
            int size = order.get(layer);
            int[] used = layers.get(layer);
            int[] counts = new int[Quotas.PARTS];
            while (used[at] > 0) {
                boolean intoTrain = at >= size * side && used[at - size * side] == used[at] - 1;
                at -= intoTrain ? size * side : size;
                counts[intoTrain ? 0 : 1]++;
            }
            counts[2] = sizes.getOrDefault(size, 0) - counts[0] - counts[1];
            allowed.put(size, counts);
        }
        return allowed;
    }
}
