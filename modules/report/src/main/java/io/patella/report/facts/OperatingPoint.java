package io.patella.report.facts;

/**
 * A threshold on p(KL >= 2) and what it gives.
 *
 * @param rule how it was chosen, e.g. "Youden", "sensitivity at least 0.90"
 * @param threshold the threshold, 0..1
 * @param sensitivity at the threshold
 * @param specificity at the threshold
 * @param positivePredictiveValue at the threshold
 * @param negativePredictiveValue at the threshold
 */
public record OperatingPoint(
        String rule,
        double threshold,
        Estimate sensitivity,
        Estimate specificity,
        Estimate positivePredictiveValue,
        Estimate negativePredictiveValue) {}
