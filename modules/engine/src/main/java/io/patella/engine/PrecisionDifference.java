package io.patella.engine;

import io.patella.statistics.cutpoints.Cutpoints;
import java.util.ArrayList;
import java.util.List;

/**
 * What reduced precision costs, measured on a sample that was graded in float32 too.
 *
 * @param images in the sample
 * @param largest difference of a probability that decides (ordinal, or distribution where there is no ordinal head)
 * @param mean difference of these
 * @param near images with such a probability closer to its cutpoint than the largest difference: their grades could change
 * @param changed images whose grade did change
 */
public record PrecisionDifference(int images, double largest, double mean, int near, int changed) {
    /**
     * Compares two gradings of the same pictures.
     *
     * @param exact in float32
     * @param reduced in the mode that is judged
     * @throws IllegalArgumentException when they are not equally many, or none
     */
    public static PrecisionDifference of(List<Prediction> exact, List<Prediction> reduced, Cutpoints cutpoints) {
        if (exact.isEmpty() || exact.size() != reduced.size()) {
            throw new IllegalArgumentException(exact.size() + " and " + reduced.size() + " predictions");
        }
        double largest = 0;
        double sum = 0;
        int compared = 0;
        int changed = 0;
        List<Double> margins = new ArrayList<>();
        double[] c = cutpoints.toArray();
        for (int i = 0; i < exact.size(); i++) {
            List<Double> a = deciding(exact.get(i));
            List<Double> b = deciding(reduced.get(i));
            double margin = Double.POSITIVE_INFINITY;
            for (int k = 0; k < a.size(); k++) {
                double difference = Math.abs(a.get(k) - b.get(k));
                largest = Math.max(largest, difference);
                sum += difference;
                compared++;
                if (exact.get(i).ordinal() != null) {
                    margin = Math.min(margin, Math.abs(a.get(k) - c[k]));
                }
            }
            margins.add(exact.get(i).ordinal() != null ? margin : lead(a) / 2);
            changed += exact.get(i).grade() == reduced.get(i).grade() ? 0 : 1;
        }
        double limit = largest;
        int near = (int) margins.stream().filter(margin -> margin <= limit).count();
        return new PrecisionDifference(exact.size(), largest, sum / compared, near, changed);
    }

    private static List<Double> deciding(Prediction prediction) {
        List<Double> ordinal = prediction.ordinal();
        return ordinal == null ? prediction.distribution() : ordinal;
    }

    /** By how much the most probable grade leads. */
    private static double lead(List<Double> distribution) {
        List<Double> sorted = distribution.stream().sorted().toList();
        return sorted.get(sorted.size() - 1) - sorted.get(sorted.size() - 2);
    }
}
