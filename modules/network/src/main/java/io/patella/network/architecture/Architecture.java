package io.patella.network.architecture;

import io.patella.network.program.ProgramModule;

/**
 * A backbone: pictures in, features out. Implementations are records of a family's configuration.
 *
 * <p>Programs have timm's methods: {@code forward_features(x)} on pictures [N,3,H,W], {@code pooled(features)} giving [N,features] as
 * timm's {@code forward_head(pre_logits=True)}, and {@code forward(x)}, the classifier's logits.
 */
public interface Architecture {
    /** What {@code forward_features} gives. */
    enum Shape {
        /** [N,C,h,w]: a map, pooled by whoever uses it. */
        MAP,
        /** [N,T,C]: tokens; the trunk itself has {@code pooled}. */
        TOKENS
    }

    /** The part that other networks build upon: method {@code forward_features}, no classifier, no norm that only the classifier sees. */
    ProgramModule trunk(Layers layers);

    /** The whole network with timm's names: methods {@code forward_features}, {@code pooled} and {@code forward}. */
    ProgramModule network(Layers layers);

    /**
     * The same network with another classifier.
     *
     * @param classes its outputs; 0: none, {@code forward} then gives what {@code pooled} does
     */
    Architecture withClasses(int classes);

    /** Channels C of the features. */
    int features();

    /** Picture size divided by map size: 32 for most, the patch size for transformers. */
    int stride();

    /** What {@code forward_features} gives. */
    Shape shape();
}
