/**
 * Vector plots: SVG that follows the page's colours, light and dark, with a text alternative each.
 *
 * <p>Uses {@code report.html} and {@code report.facts}. Start at {@link io.patella.report.plot.LinePlot}.
 */
@NullMarked
package io.patella.report.plot;

import org.jspecify.annotations.NullMarked;
