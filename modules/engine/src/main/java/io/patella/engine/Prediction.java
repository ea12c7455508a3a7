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
 */
public record Prediction(
        @Nullable List<Double> ordinal,
        List<Double> distribution,
        @Nullable Double binary,
        double pKlGe2,
        int grade,
        Scale scale) {
    /** Copies the lists. */
    public Prediction {
        ordinal = ordinal == null ? null : List.copyOf(ordinal);
        distribution = List.copyOf(distribution);
    }
}
