package io.patella.imaging.phantom;

import io.patella.cohort.Grade;
import io.patella.cohort.Laterality;

/**
 * One knee of a phantom patient, from which its picture follows.
 *
 * @param patientId whose knee
 * @param laterality left or right
 * @param grade the Kellgren-Lawrence grade it was drawn for, 0..4
 * @param seed decides everything else about knee and picture
 */
public record PhantomKnee(String patientId, Laterality laterality, int grade, long seed) {
    public PhantomKnee {
        Grade.checked(grade, "phantom " + patientId);
    }

    /** {@code <patient><L|R>}, as the files of the OAI layout are named. */
    public String imageId() {
        return patientId + laterality.code();
    }
}
