package io.patella.network.grader;

/** What a grader answers; each is a linear layer {@code head_NAME} on the joined features. */
public enum Head {
    /** Logits of p(y > k) for each threshold k: [N, scale - 1]. */
    ORDINAL,
    /** Logits of a distribution over the grades, learned from a Gaussian around the reference: [N, scale]. */
    DISTRIBUTION,
    /** Logit of KL >= 2: [N, 1]. */
    BINARY,
    /** Logits over the grades, learned by cross-entropy: [N, scale]. */
    CLASSES;

    /** Its name in programs and weights: {@code ordinal}, {@code distribution}, {@code binary}, {@code classes}. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Number of logits on that scale. */
    public int outputs(Scale scale) {
        return switch (this) {
            case ORDINAL -> scale.classes() - 1;
            case DISTRIBUTION, CLASSES -> scale.classes();
            case BINARY -> 1;
        };
    }
}
