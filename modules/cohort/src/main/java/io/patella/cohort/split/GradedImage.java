package io.patella.cohort.split;

import io.patella.cohort.Grade;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One graded picture, as far as a split needs to know it.
 *
 * @param imageId unique in the cohort
 * @param patientId whose knee
 * @param grade reference grade, 0..4
 * @param pixelSha256 equal for identical pictures; null where unknown, then nobody is linked by this picture
 */
public record GradedImage(
        String imageId,
        String patientId,
        int grade,
        @Nullable String pixelSha256) implements Serializable {
    public GradedImage {
        Grade.checked(grade, "image " + imageId);
    }
}
