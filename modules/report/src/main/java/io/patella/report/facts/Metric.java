package io.patella.report.facts;

/**
 * A metric of a group of radiographs.
 *
 * @param name its word in the tables: qwk, accuracy, macro_f1, mae, ...
 * @param estimate its value and interval
 */
public record Metric(String name, Estimate estimate) {}
