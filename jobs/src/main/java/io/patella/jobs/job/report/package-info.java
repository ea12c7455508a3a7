/**
 * Reads the tables into the facts of a report. One class per group of sections; each takes rows and gives records of
 * {@code report.facts}, so that what a figure comes from can be read in one place.
 *
 * <p>Start at {@link io.patella.jobs.job.report.ReportTables}. Figures with intervals come from {@code evaluations}; what
 * follows from grades without resampling (confusion, curves, calibration) is computed here from the same grades.
 */
@NullMarked
package io.patella.jobs.job.report;

import org.jspecify.annotations.NullMarked;
