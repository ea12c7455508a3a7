package io.patella.statistics.curves;

import java.io.Serializable;

/**
 * One threshold of a binary decision and what it costs.
 *
 * @param name {@code youden}, {@code sensitivity_0.90}, {@code sensitivity_0.95}
 * @param threshold an image counts as positive from this score on
 * @param sensitivity share of the positives found, 0..1
 * @param specificity share of the negatives left alone, 0..1
 * @param precision share of the found that are positive, 0..1
 */
public record OperatingPoint(String name, double threshold, double sensitivity, double specificity, double precision)
        implements Serializable {}
