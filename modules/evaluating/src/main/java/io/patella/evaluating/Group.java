package io.patella.evaluating;

import java.io.Serializable;

/**
 * What is evaluated as one: the grades of a model, by one preparation, on a stratum of a part of a cohort.
 *
 * @param cohort name of the cohort
 * @param split name of the split that {@code part} belongs to; {@code all} for the whole cohort
 * @param part train, validation, test; {@code all} for the whole cohort
 * @param model hash of the bundle
 * @param preparation hash of the preparation
 * @param scale grades that the model tells apart
 * @param stratum {@code all}, or column=value
 */
public record Group(
        String cohort, String split, String part, String model, String preparation, String scale, String stratum)
        implements Serializable {}
