package io.patella.network.preparation;

import io.patella.cohort.InputException;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The random changes of a picture in training, the same for its three views (paper, section 2.2), in this order: inversion of the
 * gray (not in the paper, which leaves it at 0), horizontal flip, rotation about the centre (bilinear, outside black), random resized crop, brightness, contrast; then the cut into halves.
 *
 * @param flip probability of the horizontal flip, 0..1
 * @param degrees rotation is uniform in [-degrees, degrees], counter-clockwise positive
 * @param scale smallest area of the crop, share of the picture; uniform in [scale, 1]
 * @param ratio smallest width / height of the crop; log-uniform in [ratio, 1 / ratioInverse]
 * @param ratioInverse largest width / height of the crop
 * @param brightness factor uniform in [1 - brightness, 1 + brightness]
 * @param contrast factor uniform in [1 - contrast, 1 + contrast]
 * @param invert probability that white becomes black, 0..1
 */
public record Augmentation(
        double flip,
        double degrees,
        double scale,
        double ratio,
        double ratioInverse,
        double brightness,
        double contrast,
        double invert) {
    /** The paper's: 0.5, 8 degrees, area 0.88..1, aspect 0.9..1.1, 0.08, 0.08. */
    public static final Augmentation PAPER = new Augmentation(0.5, 8, 0.88, 0.9, 1.1, 0.08, 0.08, 0);

    /** No change at all. */
    public static final Augmentation NONE = new Augmentation(0, 0, 1, 1, 1, 0, 0, 0);

    /** Tries before a crop that does not fit becomes the whole picture (torchvision's rule). */
    private static final int TRIES = 10;

    /**
     * Checks the ranges.
     *
     * @throws InputException when a value is out of range
     */
    public Augmentation {
        check("flip", flip, 0, 1);
        check("degrees", degrees, 0, 180);
        check("scale", scale, 0.05, 1);
        check("ratio", ratio, 0.1, 1);
        check("ratioInverse", ratioInverse, 1, 10);
        check("brightness", brightness, 0, 1);
        check("contrast", contrast, 0, 1);
        check("invert", invert, 0, 1);
    }

    private static void check(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new InputException(
                    "augmentation." + name, "outside " + low + ".." + high, value, "see the paper's section 2.2");
        }
    }

    /**
     * One picture's changes.
     *
     * @param angle degrees, counter-clockwise
     * @param top first row of the crop
     * @param left first column of the crop
     * @param height rows of the crop
     * @param width columns of the crop
     */
    public record Draw(
            boolean flip,
            double angle,
            int top,
            int left,
            int height,
            int width,
            double brightness,
            double contrast,
            boolean invert) {
        /** Nothing is changed. */
        public static Draw identity(int size) {
            return new Draw(false, 0, 0, 0, size, size, 1, 1, false);
        }
    }

    /**
     * The changes of one picture in one epoch: a function of its arguments alone, whatever was drawn before.
     *
     * @param picture the picture's place in the training set
     * @param size side of the square, pixels
     */
    public Draw draw(long seed, int epoch, long picture, int size) {
        CounterRandom random = new CounterRandom(seed, 0x617567L, epoch, picture);
        boolean flipped = random.uniform() < flip;
        double angle = random.uniform(-degrees, degrees);
        int[] box = {0, 0, size, size};
        for (int i = 0; i < TRIES; i++) {
            double area = random.uniform(scale, 1);
            double logRatio = random.uniform(Math.log(ratio), Math.log(ratioInverse));
            int[] crop = cropSize(size, size, area, Math.exp(logRatio));
            if (crop[0] > 0 && crop[0] <= size && crop[1] > 0 && crop[1] <= size) {
                box[0] = random.below(size - crop[0] + 1);
                box[1] = random.below(size - crop[1] + 1);
                box[2] = crop[0];
                box[3] = crop[1];
                break;
            }
        }
        return new Draw(
                flipped,
                angle,
                box[0],
                box[1],
                box[2],
                box[3],
                random.uniform(1 - brightness, 1 + brightness),
                random.uniform(1 - contrast, 1 + contrast),
                random.uniform() < invert);
    }

    /** Height and width of a crop in pixels, rounded half to even; may exceed the picture, then it does not fit. */
    static int[] cropSize(int height, int width, double scale, double ratio) {
        double area = (double) height * width * scale;
        return new int[] {(int) Math.rint(Math.sqrt(area / ratio)), (int) Math.rint(Math.sqrt(area * ratio))};
    }

    /**
     * The draws as the program takes them: float32 [N, 4] with cosine and sine of the angle, brightness, contrast, and int64 [N, 6]
     * with flip, top, left, height, width, inversion.
     */
    public static List<Tensor> tensors(List<Draw> draws) {
        ByteBuffer reals = ByteBuffer.allocateDirect(draws.size() * 16).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer wholes = ByteBuffer.allocateDirect(draws.size() * 48).order(ByteOrder.LITTLE_ENDIAN);
        for (Draw draw : draws) {
            double radians = Math.toRadians(draw.angle());
            reals.putFloat((float) Math.cos(radians)).putFloat((float) Math.sin(radians));
            reals.putFloat((float) draw.brightness()).putFloat((float) draw.contrast());
            wholes.putLong(draw.flip() ? 1 : 0);
            wholes.putLong(draw.top())
                    .putLong(draw.left())
                    .putLong(draw.height())
                    .putLong(draw.width())
                    .putLong(draw.invert() ? 1 : 0);
        }
        return List.of(
                new Tensor(ElementType.F32, new long[] {draws.size(), 4}, reals.flip()),
                new Tensor(ElementType.I64, new long[] {draws.size(), 6}, wholes.flip()));
    }
}
