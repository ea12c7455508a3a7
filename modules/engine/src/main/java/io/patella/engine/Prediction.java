package io.patella.engine;

import io.patella.network.grader.Scale;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grader's answer for one picture, as tables and {@code --json} have it. On the merged scale the two probabilities that
 * cannot be told apart are equal (ordinal) or 0 (KL 1).
 *
 * @param ordinal p(y > k), k = 0..3; null for a grader without an ordinal head
 * @param distribution p(KL 0) .. p(KL 4), sum 1
 * @param binary p(KL >= 2) of the binary head; null for a grader without one
 * @param pKlGe2 (p2 + p3) + p4 of the distribution
 * @param grade 0..4
 * @param scale the grades this grader can give
 * @param atypicality the picture's distance from those that the grader learned from, over the largest that is still typical: above 1 it
 *     is out of distribution; null when the bundle has no {@link io.patella.network.bundle.Typical}
 * @param flag why the grade should not be believed; null when nothing speaks against it
 */
public record Prediction(
        @Nullable List<Double> ordinal,
        List<Double> distribution,
        @Nullable Double binary,
        double pKlGe2,
        int grade,
        Scale scale,
        @Nullable Double atypicality,
        @Nullable Flag flag) {
    /** Copies the lists. */
    public Prediction {
        ordinal = ordinal == null ? null : List.copyOf(ordinal);
        distribution = List.copyOf(distribution);
    }

    /** The same with what was seen of the picture itself. */
    Prediction with(@Nullable Double ofAtypicality, @Nullable Flag raised) {
        return new Prediction(ordinal, distribution, binary, pKlGe2, grade, scale, ofAtypicality, raised);
    }
}
