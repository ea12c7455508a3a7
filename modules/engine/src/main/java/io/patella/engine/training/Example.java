package io.patella.engine.training;

import io.patella.cohort.Grade;
import io.patella.cohort.Part;

/**
 * One labelled picture.
 *
 * @param imageId its key in the picture cache
 * @param patientId whose knee it is
 * @param grade reference grade, 0..4
 * @param pixelSha256 hash of the canonical picture: finds identical pictures under two names
 * @param part the part of the split it comes from
 */
public record Example(String imageId, String patientId, int grade, String pixelSha256, Part part) {
    /**
     * Checks the grade.
     *
     * @throws io.patella.cohort.InputException when it lies outside 0..4
     */
    public Example {
        Grade.checked(grade, imageId);
    }

    /** The same picture in another part, for cross-validation; a test row stays what it is. */
    Example in(Part other) {
        return part == Part.TEST ? this : new Example(imageId, patientId, grade, pixelSha256, other);
    }
}
