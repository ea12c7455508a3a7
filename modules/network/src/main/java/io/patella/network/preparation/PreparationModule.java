package io.patella.network.preparation;

import io.patella.network.program.ProgramModule;
import io.patella.network.program.ProgramTensor;
import io.patella.network.weights.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link Preparation} as text for the engine. Its methods, with T the side of the square, N pictures, V test-time views:
 *
 * <ul>
 *   <li>{@code squares(pictures)}: uint8 [N,H,W] of one size, deletterboxed, to float32 [N,1,T,T] in [0, 1]
 *   <li>{@code views(squares)}: [N,1,T,T] to [V N,1,T,T], all pictures of the first view first
 *   <li>{@code cut(squares)}: [M,1,T,T] to whole, left and right half, each [M,3,T,T], normalised
 *   <li>{@code averaged(ordinal, distribution, binary)}: logits of views [V N,...] to the views' averaged probabilities [N,...]
 *   <li>{@code prepare(groups)}: uint8 pictures grouped by size to the three views, test-time views included
 * </ul>
 */
public final class PreparationModule {
    private PreparationModule() {}

    /** The module; as the root of an archive or as a child of a larger program. */
    public static ProgramModule of(Preparation preparation) {
        int size = preparation.size();
        int half = size / 2;
        List<String> views = new ArrayList<>();
        views.add("all = annotate(List[Tensor], [])");
        for (int i = 0; i < preparation.views().count(); i++) {
            views.add("all.append(" + view(preparation.views(), i) + ")");
        }
        views.add("return torch.cat(all, 0)");
        return resampling(new ProgramModule("Preparation"), preparation.interpolation())
                .buffer("mean", ProgramTensor.constant(perChannel(preparation.mean())))
                .buffer("std", ProgramTensor.constant(perChannel(preparation.std())))
                .method(
                        "squares(pictures: Tensor) -> Tensor",
                        "x = torch.div(torch.to(torch.unsqueeze(pictures, 1), 6), 255.)",
                        "return self.resize(x, " + size + ", " + size + ")")
                .method(
                        "rotated(x: Tensor, cosine: float, sine: float) -> Tensor",
                        // one angle for all pictures: they are the channels of one picture
                        "d = ops.prim.device(x)",
                        "c = torch.full([1], cosine, dtype=6, layout=None, device=d)",
                        "s = torch.full([1], sine, dtype=6, layout=None, device=d)",
                        "y = torch.grid_sampler(torch.transpose(x, 0, 1), self.grid(x, c, s), 0, 0, False)",
                        "return torch.transpose(y, 0, 1)")
                .method("views(x: Tensor) -> Tensor", views.toArray(String[]::new))
                .method(
                        "average(x: Tensor) -> Tensor", // [V N,K]: all pictures of the first view first
                        "return torch.mean(torch.reshape(x, ["
                                + preparation.views().count() + ", torch.size(x, 0) // "
                                + preparation.views().count() + ", torch.size(x, 1)]), [0])")
                .method(
                        "averaged(ordinal: Tensor, distribution: Tensor, binary: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                        switch (preparation.average()) {
                            case PROBABILITIES ->
                                "return (self.average(torch.sigmoid(ordinal)), self.average(torch.softmax(distribution, 1)),"
                                        + " self.average(torch.sigmoid(binary)))";
                            case LOGITS ->
                                "return (torch.sigmoid(self.average(ordinal)), torch.softmax(self.average(distribution), 1),"
                                        + " torch.sigmoid(self.average(binary)))";
                        })
                .method(
                        "normalised(x: Tensor) -> Tensor",
                        "return torch.div(torch.sub(x, self.mean), self.std)") // [M,1,T,T] - [1,3,1,1]
                .method("exposed(x: Tensor) -> Tensor", exposed(preparation.exposure())) // [M,1,T,T]
                .method(
                        "cut(x: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                        "x = self.exposed(x)", // of the whole, so that the halves keep what they are to each other
                        "left = self.resize(torch.slice(x, 3, 0, " + half + ", 1), " + size + ", " + size + ")",
                        "right = self.resize(torch.slice(x, 3, " + half + ", " + size + ", 1), " + size + ", " + size
                                + ")",
                        "return (self.normalised(x), self.normalised(left), self.normalised(right))")
                .method(
                        "all_squares(groups: List[Tensor]) -> Tensor",
                        "all = annotate(List[Tensor], [])",
                        "for group in groups:",
                        "  all.append(self.squares(group))",
                        "return torch.cat(all, 0)")
                .method(
                        "prepare(groups: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]",
                        "return self.cut(self.views(self.all_squares(groups)))")
                .method(
                        "bytes(groups: List[Tensor]) -> Tensor", // the squares of the training cache, [N,T,T]
                        "x = torch.clamp(torch.round(torch.mul(self.all_squares(groups), 255.)), 0, 255)",
                        "return torch.to(torch.squeeze(x, 1), 0)");
    }

    /** {@code resize(x [N,1,h,w], height, width)}, antialiased, and {@code grid}, where a rotation looks for each pixel. */
    static ProgramModule resampling(ProgramModule module, Preparation.Interpolation interpolation) {
        String resize = interpolation == Preparation.Interpolation.BICUBIC
                ? "torch._upsample_bicubic2d_aa"
                : "torch._upsample_bilinear2d_aa";
        return module.method(
                        "resize(x: Tensor, height: int, width: int) -> Tensor",
                        "if torch.size(x, 2) == height and torch.size(x, 3) == width:",
                        "  return x",
                        "return " + resize + "(torch.contiguous(x), [height, width], False, None, None)")
                .method(
                        "grid(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor",
                        // torchvision's _gen_affine_grid for a rotation about the centre, pixel centres at -w/2 + 0.5
                        // ...
                        "h = torch.size(x, 2)",
                        "w = torch.size(x, 3)",
                        "d = ops.prim.device(x)",
                        "u = torch.linspace(0.5 - 0.5 * w, 0.5 * w - 0.5, w, dtype=6, layout=None, device=d)",
                        "v = torch.linspace(0.5 - 0.5 * h, 0.5 * h - 0.5, h, dtype=6, layout=None, device=d)",
                        "u = torch.reshape(u, [1, 1, w])",
                        "v = torch.reshape(v, [1, h, 1])",
                        "c = torch.reshape(cosine, [-1, 1, 1])",
                        "s = torch.reshape(sine, [-1, 1, 1])",
                        "across = u * torch.div(c, 0.5 * w) - v * torch.div(s, 0.5 * w)",
                        "down = u * torch.div(s, 0.5 * h) + v * torch.div(c, 0.5 * h)",
                        "return torch.stack([across, down], -1)");
    }

    private static String[] exposed(Preparation.Exposure exposure) {
        return switch (exposure) {
            case KEEP -> new String[] {"return x"};
            case STANDARDISE ->
                new String[] {
                    "m = torch.mean(x, [1, 2, 3], True)",
                    "d = torch.sub(x, m)",
                    "spread = torch.sqrt(torch.mean(torch.mul(d, d), [1, 2, 3], True))",
                    // one gray level of 255 at least: noise of a blank picture stays small
                    "return torch.add(torch.div(d, torch.mul(torch.clamp_min(spread, 0.00392156862745098), 4.)), 0.5)"
                };
        };
    }

    private static String view(Preparation.Views views, int i) {
        if (views.flip(i)) {
            return "torch.flip(x, [3])";
        }
        if (views.angle(i) == 0) {
            return "x";
        }
        double radians = Math.toRadians(views.angle(i));
        return "self.rotated(x, " + Math.cos(radians) + ", " + Math.sin(radians) + ")";
    }

    private static Tensor perChannel(List<Double> values) {
        return Tensor.of(
                new float[] {
                    values.get(0).floatValue(),
                    values.get(1).floatValue(),
                    values.get(2).floatValue()
                },
                1,
                3,
                1,
                1);
    }
}
