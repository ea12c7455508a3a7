/**
 * Grades in, figures out, across executors. Uses {@code tables}, {@code statistics} and Spark.
 *
 * <p>{@link io.patella.evaluating.GradedImages} joins grades with what they are held against; {@link
 * io.patella.evaluating.GroupEvaluator} evaluates any number of groups (cohort, split, part, model, stratum) in one Spark action;
 * {@link io.patella.evaluating.SpreadBootstrap} spreads the replicates of one large group; {@link
 * io.patella.evaluating.StatisticsFunctions} offers figures in SQL.
 */
@NullMarked
package io.patella.evaluating;

import org.jspecify.annotations.NullMarked;
