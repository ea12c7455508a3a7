/**
 * One self-contained HTML page from plain records: nothing is computed here that is not a layout.
 *
 * <p>Uses {@code cohort} and {@code statistics}; knows neither tables nor pictures' pixels. Start at
 * {@link io.patella.report.ReportPage}, which lists the sections in their order; each section is one class here and one
 * record in {@code report.facts}. Drawings live in {@code report.plot}, markup in {@code report.html}.
 *
 * <pre>{@code String html = ReportPage.html(report);}</pre>
 */
@NullMarked
package io.patella.report;

import org.jspecify.annotations.NullMarked;
