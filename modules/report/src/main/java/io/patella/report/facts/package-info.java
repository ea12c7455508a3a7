/**
 * What a report is made of: one record per section, plain values, nothing computed here. Uses the JDK only.
 *
 * <p>Start at {@link io.patella.report.facts.Report}; an empty list or a null leaves its section out of the page.
 * Undefined figures are null, never NaN, and the reason stands in the section's notes.
 */
@NullMarked
package io.patella.report.facts;

import org.jspecify.annotations.NullMarked;
