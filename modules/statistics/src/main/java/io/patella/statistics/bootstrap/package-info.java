/**
 * Intervals by resampling patients. One random stream per replicate, a function of seed and replicate alone, so that an
 * interval is the same on one thread, many threads and many executors. Start at
 * {@link io.patella.statistics.bootstrap.Bootstrap}.
 */
@NullMarked
package io.patella.statistics.bootstrap;

import org.jspecify.annotations.NullMarked;
