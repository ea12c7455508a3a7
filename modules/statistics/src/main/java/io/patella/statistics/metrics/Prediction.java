package io.patella.statistics.metrics;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import org.jspecify.annotations.Nullable;

/**
 * One graded image beside its reference grade.
 *
 * @param imageId unique in a table of predictions
 * @param patientId the unit of resampling
 * @param grade reference grade, 0..4
 * @param predicted decoded grade, 0..4
 * @param distribution p0..p4; null for a grader without probabilities
 * @param klGe2 probability of KL >= 2 in 0..1; null means (p2 + p3) + p4 where there is a distribution
 */
public record Prediction(
        String imageId,
        String patientId,
        int grade,
        int predicted,
        @Nullable Distribution distribution,
        @Nullable Double klGe2) {
    public Prediction {
        Grade.checked(grade, "reference grade of " + imageId);
        Grade.checked(predicted, "predicted grade of " + imageId);
        if (klGe2 != null && !(klGe2 >= 0 && klGe2 <= 1)) {
            throw new InputException("p_kl_ge_2 of " + imageId, "no probability", klGe2, "give a number in 0..1");
        }
    }

    /** A prediction without probabilities. */
    public static Prediction hard(String imageId, String patientId, int grade, int predicted) {
        return new Prediction(imageId, patientId, grade, predicted, null, null);
    }
}
