/**
 * Divides a cohort into train, validation and test by patient. Uses {@code io.patella.cohort} only.
 *
 * <p>Start at {@link io.patella.cohort.split.PatientSplit}; {@link io.patella.cohort.split.SplitReport} shows what a split
 * gives and proves (or disproves) that it is one by patient, ours or anybody's.
 *
 * <pre>{@code Parts parts = PatientSplit.seeded(42).assign(Patient.from(images));}</pre>
 */
@NullMarked
package io.patella.cohort.split;

import org.jspecify.annotations.NullMarked;
