/**
 * Two or more graders on the same images: paired bootstrap differences, McNemar, DeLong, Holm, non-inferiority. Start at
 * {@link io.patella.statistics.comparison.Comparison}.
 */
@NullMarked
package io.patella.statistics.comparison;

import org.jspecify.annotations.NullMarked;
