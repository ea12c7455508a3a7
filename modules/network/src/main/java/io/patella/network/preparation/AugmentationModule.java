package io.patella.network.preparation;

import io.patella.network.program.ProgramModule;
import io.patella.network.program.ProgramTensor;
import io.patella.network.weights.Tensor;

/**
 * {@link Augmentation} as text for the engine, in training only. Its method, with T the side of the square:
 *
 * <ul>
 *   <li>{@code augment(squares, reals, wholes)}: squares [N,1,T,T] in [0, 1], changed as {@link Augmentation#tensors} say, the same shape
 * </ul>
 */
public final class AugmentationModule {
    private static final int BLOCK = 8;

    /** JPEG's example table for luminance (ITU-T T.81, table K.1), row by row: the steps at quality 0.5. */
    private static final float[] LUMINANCE = {
        16, 11, 10, 16, 24, 40, 51, 61, //
        12, 12, 14, 19, 26, 58, 60, 55, //
        14, 13, 16, 24, 40, 57, 69, 56, //
        14, 17, 22, 29, 51, 87, 80, 62, //
        18, 22, 37, 56, 68, 109, 103, 77, //
        24, 35, 55, 64, 81, 104, 113, 92, //
        49, 64, 78, 87, 103, 121, 120, 101, //
        72, 92, 95, 98, 112, 100, 103, 99
    };

    private AugmentationModule() {}

    /** The module, as a child of a training program. */
    public static ProgramModule of(Preparation.Interpolation interpolation) {
        return PreparationModule.resampling(new ProgramModule("Augmentation"), interpolation)
                .buffer("cosines", ProgramTensor.constant(cosines()))
                .buffer("luminance", ProgramTensor.constant(Tensor.of(LUMINANCE, 1, 1, BLOCK * BLOCK)))
                .method(
                        "inverted(x: Tensor, wholes: Tensor) -> Tensor",
                        "invert = torch.reshape(torch.gt(torch.select(wholes, 1, 5), 0), [-1, 1, 1, 1])",
                        "return torch.where(invert, torch.rsub(x, 1.), x)")
                .method(
                        "curved(x: Tensor, reals: Tensor) -> Tensor",
                        "g = torch.reshape(torch.select(reals, 1, 4), [-1, 1, 1, 1])",
                        "return torch.where(torch.eq(g, 1), x, torch.pow(x, g))")
                .method(
                        "coarsened(x: Tensor, wholes: Tensor) -> Tensor",
                        "h = torch.size(x, 2)",
                        "w = torch.size(x, 3)",
                        "all = annotate(List[Tensor], [])",
                        "for i in range(torch.size(x, 0)):",
                        "  side = int(wholes[i, 6])",
                        "  small = self.resize(torch.slice(x, 0, i, i + 1, 1), h * side // w, side)",
                        "  all.append(self.resize(small, h, w))",
                        "return torch.cat(all, 0)")
                .method(
                        "compressed(x: Tensor, reals: Tensor) -> Tensor",
                        "factor = torch.reshape(torch.select(reals, 1, 5), [-1, 1, 1])",
                        "some = torch.gt(factor, 0)",
                        "if not bool(torch.any(some)):",
                        "  return x",
                        "n = torch.size(x, 0)",
                        "h = torch.size(x, 2)",
                        "w = torch.size(x, 3)",
                        "down = (h + 7) // 8",
                        "across = (w + 7) // 8",
                        "y = torch.replication_pad2d(torch.mul(x, 255.) - 128., [0, 8 * across - w, 0, 8 * down - h])",
                        "y = torch.permute(torch.reshape(y, [n, down, 8, across, 8]), [0, 1, 3, 2, 4])",
                        "y = torch.matmul(torch.reshape(y, [n, down * across, 64]), self.cosines)", // [N,blocks,64]
                        "steps = torch.clamp(torch.floor(self.luminance * factor + 0.5), 1, 255)", // [N,1,64]
                        "y = torch.matmul(torch.round(torch.div(y, steps)) * steps, torch.t(self.cosines))",
                        "y = torch.permute(torch.reshape(y, [n, down, across, 8, 8]), [0, 1, 3, 2, 4])",
                        "y = torch.reshape(y, [n, 1, 8 * down, 8 * across])",
                        "y = torch.slice(torch.slice(y, 2, 0, h, 1), 3, 0, w, 1)",
                        "y = torch.div(torch.clamp(torch.round(y + 128.), 0, 255), 255.)",
                        "return torch.where(torch.unsqueeze(some, 1), y, x)")
                .method(
                        "turned(x: Tensor, reals: Tensor, wholes: Tensor) -> Tensor",
                        "flip = torch.reshape(torch.gt(torch.select(wholes, 1, 0), 0), [-1, 1, 1, 1])",
                        "x = torch.where(flip, torch.flip(x, [3]), x)",
                        // with fill 0 torchvision weighs once more by how much of a sample lay inside
                        "x = torch.cat([x, torch.ones_like(x)], 1)",
                        "x = torch.grid_sampler(x, self.grid(x, torch.select(reals, 1, 0), torch.select(reals, 1, 1)), 0, 0, False)",
                        "return torch.mul(torch.slice(x, 1, 0, 1, 1), torch.slice(x, 1, 1, 2, 1))")
                .method(
                        "cropped(x: Tensor, wholes: Tensor) -> Tensor",
                        "all = annotate(List[Tensor], [])",
                        "for i in range(torch.size(x, 0)):",
                        "  top = int(wholes[i, 1])",
                        "  left = int(wholes[i, 2])",
                        "  one = torch.slice(torch.slice(x, 0, i, i + 1, 1), 2, top, top + int(wholes[i, 3]), 1)",
                        "  one = torch.slice(one, 3, left, left + int(wholes[i, 4]), 1)",
                        "  all.append(self.resize(one, torch.size(x, 2), torch.size(x, 3)))",
                        "return torch.cat(all, 0)")
                .method(
                        "brightened(x: Tensor, reals: Tensor) -> Tensor",
                        "return torch.clamp(x * torch.reshape(torch.select(reals, 1, 2), [-1, 1, 1, 1]), 0, 1)")
                .method(
                        "contrasted(x: Tensor, reals: Tensor) -> Tensor",
                        "f = torch.reshape(torch.select(reals, 1, 3), [-1, 1, 1, 1])",
                        "return torch.clamp(x * f + torch.mean(x, [1, 2, 3], True) * torch.sub(1., f), 0, 1)")
                .method(
                        "erased(x: Tensor, wholes: Tensor) -> Tensor",
                        "for i in range(torch.size(x, 0)):",
                        "  top = int(wholes[i, 7])",
                        "  left = int(wholes[i, 8])",
                        "  side = int(wholes[i, 9])",
                        "  if side > 0:",
                        "    one = torch.select(torch.select(x, 0, i), 0, 0)",
                        "    mean = torch.mean(one)",
                        "    hole = torch.slice(torch.slice(one, 0, top, top + side, 1), 1, left, left + side, 1)",
                        "    filled = torch.copy_(hole, mean)",
                        "return x")
                .method(
                        "augment(x: Tensor, reals: Tensor, wholes: Tensor) -> Tensor",
                        "x = self.compressed(self.coarsened(self.curved(self.inverted(x, wholes), reals), wholes), reals)",
                        "x = self.cropped(self.turned(x, reals, wholes), wholes)",
                        "return self.erased(self.contrasted(self.brightened(x, reals), reals), wholes)");
    }

    /** The two-dimensional discrete cosine transform of a block as one orthonormal matrix: row pixel, column frequency. */
    private static Tensor cosines() {
        int n = BLOCK * BLOCK;
        float[] matrix = new float[n * n];
        for (int pixel = 0; pixel < n; pixel++) {
            for (int frequency = 0; frequency < n; frequency++) {
                matrix[pixel * n + frequency] =
                        (float) (cosine(pixel / BLOCK, frequency / BLOCK) * cosine(pixel % BLOCK, frequency % BLOCK));
            }
        }
        return Tensor.of(matrix, n, n);
    }

    private static double cosine(int place, int frequency) {
        double norm = Math.sqrt((frequency == 0 ? 1.0 : 2.0) / BLOCK);
        return norm * Math.cos((2 * place + 1) * frequency * Math.PI / (2 * BLOCK));
    }
}
