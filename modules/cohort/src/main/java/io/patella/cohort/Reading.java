package io.patella.cohort;

import org.jspecify.annotations.Nullable;

/**
 * One reader's grade of one radiograph.
 *
 * @param imageId what was read
 * @param reader who read
 * @param stage in which stage of the protocol; null when the protocol has no stages
 * @param reading counts repeats by the same reader in the same stage from 1, so that a broken protocol can be stored and
 *     reported
 * @param grade 0..4
 */
public record Reading(
        String imageId, String reader, @Nullable String stage, int reading, int grade) {
    public Reading {
        Grade.checked(grade, "reading of " + imageId + " by " + reader);
    }
}
