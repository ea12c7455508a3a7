/**
 * Statistics of grading: every figure of the papers, exact, and what a reviewer asks next. Uses the JDK, commons-math and
 * {@code cohort}; no Spark.
 *
 * <p>This package holds what all others speak: {@link io.patella.statistics.Figure}, a number that may be undefined and then
 * says why, and {@link io.patella.statistics.Interval}. Start at {@code evaluation.Evaluation}, which calls {@code metrics},
 * {@code curves}, {@code calibration} and {@code bootstrap}; {@code comparison}, {@code agreement}, {@code cutpoints},
 * {@code conformal} and {@code prevalence} stand beside it.
 */
@NullMarked
package io.patella.statistics;

import org.jspecify.annotations.NullMarked;
