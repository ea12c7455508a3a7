/**
 * Cutpoints of the ordinal head and the search for them. Start at {@link
 * io.patella.statistics.cutpoints.CutpointSearch}.
 */
@NullMarked
package io.patella.statistics.cutpoints;

import org.jspecify.annotations.NullMarked;
