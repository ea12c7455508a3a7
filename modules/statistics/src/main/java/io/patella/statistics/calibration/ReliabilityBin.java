package io.patella.statistics.calibration;

/**
 * One bin (lower, upper] of predicted probability; the first bin holds 0 too.
 *
 * @param lower lower edge
 * @param upper upper edge
 * @param count images in it
 * @param confidence their mean predicted probability; 0 when empty
 * @param observed share of them that came true; 0 when empty
 */
public record ReliabilityBin(double lower, double upper, int count, double confidence, double observed) {}
