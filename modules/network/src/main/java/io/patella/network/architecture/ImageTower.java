package io.patella.network.architecture;

import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;

/**
 * The image tower of BiomedCLIP: a Vision Transformer and a linear map into the space that pictures and texts share.
 *
 * <p>Paper: Zhang et al., BiomedCLIP (arXiv 2303.00915); names as in OpenCLIP's {@code TimmModel}. Published weights: MIT.
 *
 * @param trunk the transformer, without classifier
 * @param projection width of the shared space
 */
public record ImageTower(VisionTransformer trunk, int projection) implements Architecture {
    /** As published: ViT-B/16 and 512 dimensions. */
    public static ImageTower biomedClip() {
        return new ImageTower(VisionTransformer.base16(0), 512);
    }

    /** The trunk's arguments with {@code proj} beside them. */
    static ImageTower fromTimm(TimmArguments arguments) {
        int projection = arguments.integer("proj", 0);
        VisionTransformer trunk = VisionTransformer.fromTimm(arguments);
        if (projection < 1) {
            throw arguments.unsupported("proj");
        }
        if (trunk.classes() > 0) {
            throw arguments.unsupported("num_classes");
        }
        return new ImageTower(trunk, projection);
    }

    /** This network itself: the tower has a projection and no classifier. */
    @Override
    public Architecture withClasses(int wanted) {
        return this;
    }

    @Override
    public int features() {
        return trunk.features();
    }

    @Override
    public int stride() {
        return trunk.stride();
    }

    @Override
    public Shape shape() {
        return Shape.TOKENS;
    }

    /** Tokens of the transformer, and {@code pooled}: its embedding, which probes are trained on. */
    @Override
    public ProgramModule trunk(Layers layers) {
        return layers.packing(new ProgramModule("ImageTower")
                .child("trunk", trunk.trunk(layers))
                .method("forward_features(x: Tensor) -> Tensor", "return self.trunk.forward_features(x)")
                .method("pooled(features: Tensor) -> Tensor", "return self.trunk.pooled(features)"));
    }

    /** {@code forward} gives the picture in the shared space, [N,512], not normalised. */
    @Override
    public ProgramModule network(Layers layers) {
        ProgramModule module = trunk(layers);
        Layers.place(
                module,
                "head.proj",
                Layers.plain().linearWithoutBias(trunk.features(), projection, Initial.truncatedNormal(0.02)));
        return module.method(
                "forward(x: Tensor) -> Tensor", "return self.head.proj.forward(self.pooled(self.forward_features(x)))");
    }
}
