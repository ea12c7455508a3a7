/**
 * The nouns of a reading study: patients and their knees, readers and their readings, grades and parts.
 *
 * <p>Uses the JDK only, and everything else may use it. Start at {@link io.patella.cohort.Radiograph} and
 * {@link io.patella.cohort.Reading}; the rules over them live in {@code cohort.consensus} (readings become reference
 * grades) and {@code cohort.split} (patients become parts). {@link io.patella.cohort.InputException} is how every
 * module refuses what a user gave.
 */
@NullMarked
package io.patella.cohort;

import org.jspecify.annotations.NullMarked;
