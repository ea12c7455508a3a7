package io.patella.statistics.curves;

import java.io.Serializable;

/**
 * One point of a curve.
 *
 * @param threshold the score from which on an image counts as positive; +infinity at the start of a ROC curve, NaN on an
 *     averaged curve, which has none
 * @param x abscissa
 * @param y ordinate
 */
public record CurvePoint(double threshold, double x, double y) implements Serializable {}
