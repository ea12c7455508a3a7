package io.patella.engine.training;

/**
 * Terms of the loss, unweighted; a head that a grader lacks has 0.
 *
 * @param total weighted sum, what is minimised
 * @param ordinal binary cross-entropy of the ordinal head
 * @param distribution KL divergence of the label-distribution head, or the class head's cross-entropy
 * @param binary binary cross-entropy of the KL >= 2 head
 */
public record LossTerms(double total, double ordinal, double distribution, double binary) {
    /** Nothing yet: where a sum starts. */
    public static final LossTerms ZERO = new LossTerms(0, 0, 0, 0);

    /** The sum, term by term. */
    LossTerms plus(LossTerms other) {
        return new LossTerms(
                total + other.total, ordinal + other.ordinal, distribution + other.distribution, binary + other.binary);
    }

    /** Every term times {@code factor}. */
    LossTerms times(double factor) {
        return new LossTerms(total * factor, ordinal * factor, distribution * factor, binary * factor);
    }

    /** Whether the total is a number. */
    boolean isFinite() {
        return Double.isFinite(total);
    }
}
