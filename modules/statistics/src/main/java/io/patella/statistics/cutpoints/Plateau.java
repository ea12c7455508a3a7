package io.patella.statistics.cutpoints;

import java.util.List;

/**
 * All cutpoints with the best QWK.
 *
 * @param size how many of the 135,751 combinations; 0 when QWK is undefined everywhere
 * @param minimum smallest value of each cutpoint on the plateau; empty when its size is 0
 * @param maximum largest value of each cutpoint on the plateau; empty when its size is 0
 */
public record Plateau(int size, List<Double> minimum, List<Double> maximum) {
    public Plateau {
        minimum = List.copyOf(minimum);
        maximum = List.copyOf(maximum);
    }
}
