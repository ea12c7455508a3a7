/**
 * HTML pages and plots from plain records.
 */
@NullMarked
package io.patella.report;

import org.jspecify.annotations.NullMarked;
