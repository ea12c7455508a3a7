package io.patella.statistics.metrics;

import java.io.Serializable;

/**
 * How well one grade is found. What is 0/0 counts 0, as in the papers and in scikit-learn with {@code zero_division=0}.
 *
 * @param grade 0..4
 * @param precision share of the images predicted so that are so, 0..1
 * @param recall share of the images that are so that are predicted so, 0..1
 * @param f1 harmonic mean of the two, 0..1
 * @param support reference images of this grade
 */
public record GradeScores(int grade, double precision, double recall, double f1, int support) implements Serializable {}
