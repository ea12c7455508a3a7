/**
 * The statistics of evaluation. Uses the JDK and commons-math.
 */
@NullMarked
package io.patella.statistics;

import org.jspecify.annotations.NullMarked;
