package io.patella.report;

import io.patella.report.html.Markup;

/**
 * A numbered section of the page.
 *
 * @param id its anchor
 * @param title its heading
 * @param body what stands below the heading
 */
record Section(String id, String title, Markup body) {}
