package io.patella.statistics.comparison;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Holm's correction of several p-values at once (Holm 1979); strong control of the family-wise error, no assumptions. */
public final class Holm {
    private Holm() {}

    /** Adjusted p-values in the order given, each at least the raw one and at most 1. */
    public static List<Double> adjusted(List<Double> p) {
        List<Integer> order = IntStream.range(0, p.size())
                .boxed()
                .sorted(Comparator.comparing(p::get))
                .toList();
        Double[] adjusted = new Double[p.size()];
        double largest = 0;
        for (int rank = 0; rank < order.size(); rank++) {
            largest = Math.max(largest, Math.min(1, (order.size() - rank) * p.get(order.get(rank))));
            adjusted[order.get(rank)] = largest;
        }
        return Arrays.asList(adjusted);
    }
}
