package io.patella.statistics.audit;

/**
 * One check of printed figures.
 *
 * @param subject the table, row or sentence checked
 * @param check what was held against what
 * @param verdict whether the figures can all be true
 * @param arithmetic the calculation in plain words, to be followed with a pocket calculator
 */
public record Finding(String subject, String check, Verdict verdict, String arithmetic) {}
