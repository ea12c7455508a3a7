package io.patella.statistics.calibration;

import io.patella.statistics.curves.Curve;
import io.patella.statistics.curves.CurvePoint;
import java.util.ArrayList;
import java.util.List;

/**
 * A reliability diagram: predicted probability against what came true, in bins of equal width.
 *
 * @param bins from 0 to 1, empty ones included
 */
public record Reliability(List<ReliabilityBin> bins) {
    public Reliability {
        bins = List.copyOf(bins);
    }

    /** Bins {@code confidence[i]} in 0..1 with outcome {@code cameTrue[i]} into {@code count} bins (b/count, (b+1)/count]. */
    public static Reliability of(double[] confidence, boolean[] cameTrue, int count) {
        int[] images = new int[count];
        int[] right = new int[count];
        double[] sum = new double[count];
        for (int i = 0; i < confidence.length; i++) {
            int bin = bin(confidence[i], count);
            images[bin]++;
            sum[bin] += confidence[i];
            right[bin] += cameTrue[i] ? 1 : 0;
        }
        List<ReliabilityBin> bins = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            double n = Math.max(1, images[b]);
            bins.add(new ReliabilityBin(
                    (double) b / count, (double) (b + 1) / count, images[b], sum[b] / n, right[b] / n));
        }
        return new Reliability(bins);
    }

    /** The bin (b/count, (b+1)/count] that holds {@code confidence}. */
    static int bin(double confidence, int count) {
        int bin = Math.min(count - 1, (int) (confidence * count));
        // the product may round over an edge: let the edges themselves, b / count, decide
        while (bin > 0 && confidence <= (double) bin / count) {
            bin--;
        }
        while (bin < count - 1 && confidence > (double) (bin + 1) / count) {
            bin++;
        }
        return bin;
    }

    /** Expected calibration error: mean |observed - confidence|, weighted by the bins' images. */
    public double expectedCalibrationError() {
        double images = bins.stream().mapToInt(ReliabilityBin::count).sum();
        double sum = 0;
        for (ReliabilityBin bin : bins) {
            sum += bin.count() / images * Math.abs(bin.observed() - bin.confidence());
        }
        return sum;
    }

    /** The bins that hold images, as points. */
    public Curve curve(String subject) {
        return new Curve(
                Curve.Kind.RELIABILITY,
                subject,
                bins.stream()
                        .filter(bin -> bin.count() > 0)
                        .map(bin -> new CurvePoint(bin.lower(), bin.confidence(), bin.observed()))
                        .toList());
    }
}
