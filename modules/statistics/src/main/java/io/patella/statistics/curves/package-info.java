/**
 * Curves over thresholds, as points: ROC, precision-recall, decision. Start at
 * {@link io.patella.statistics.curves.Ranking}, which sorts once and answers everything.
 */
@NullMarked
package io.patella.statistics.curves;

import org.jspecify.annotations.NullMarked;
