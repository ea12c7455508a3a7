/**
 * Markup that cannot be malformed, numbers as the journals print them, and tables that carry their own CSV.
 *
 * <p>Start at {@link io.patella.report.html.Markup}; {@link io.patella.report.html.DataTable} is built on it.
 */
@NullMarked
package io.patella.report.html;

import org.jspecify.annotations.NullMarked;
