/**
 * How far readers agree: Cohen, Fleiss, Krippendorff, intraclass correlation. Start at
 * {@link io.patella.statistics.agreement.Agreement}.
 */
@NullMarked
package io.patella.statistics.agreement;

import org.jspecify.annotations.NullMarked;
