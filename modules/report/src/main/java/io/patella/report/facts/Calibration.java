package io.patella.report.facts;

import java.util.List;

/**
 * How far probabilities can be believed.
 *
 * @param what which probability, e.g. "p(KL >= 2)" or "largest grade probability"
 * @param bins the reliability diagram's bins, in order
 * @param metrics ECE, Brier score, RPS, log loss ...
 */
public record Calibration(String what, List<Bin> bins, List<Metric> metrics) {
    public Calibration {
        bins = List.copyOf(bins);
        metrics = List.copyOf(metrics);
    }

    /**
     * One bin.
     *
     * @param predicted mean predicted probability, 0..1
     * @param observed observed share with its interval, 0..1
     * @param images how many radiographs
     */
    public record Bin(double predicted, Estimate observed, long images) {}
}
