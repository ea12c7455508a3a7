package io.patella.network.preparation;

import io.patella.cohort.InputException;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The random changes of a picture in training, the same for its three views (paper, section 2.2): horizontal flip, rotation about the
 * centre (bilinear, outside black), random resized crop, brightness, contrast; then the cut into halves.
 *
 * <p>{@link Rough} is not in the paper: what other machines, archives and hands do to a picture, before the rotation, and a hole at the
 * end. What is off leaves a picture as it is, to the last bit.
 *
 * @param flip probability of the horizontal flip, 0..1
 * @param degrees rotation is uniform in [-degrees, degrees], counter-clockwise positive
 * @param scale smallest area of the crop, share of the picture; uniform in [scale, 1]
 * @param ratio smallest width / height of the crop; log-uniform in [ratio, ratioInverse]
 * @param ratioInverse largest width / height of the crop
 * @param brightness factor uniform in [1 - brightness, 1 + brightness]
 * @param contrast factor uniform in [1 - contrast, 1 + contrast]
 * @param rough beyond the paper
 */
public record Augmentation(
        double flip,
        double degrees,
        double scale,
        double ratio,
        double ratioInverse,
        double brightness,
        double contrast,
        Rough rough) {
    /** The paper's: 0.5, 8 degrees, area 0.88..1, aspect 0.9..1.1, 0.08, 0.08. */
    public static final Augmentation PAPER = new Augmentation(0.5, 8, 0.88, 0.9, 1.1, 0.08, 0.08, Rough.OFF);

    /** No change at all. */
    public static final Augmentation NONE = new Augmentation(0, 0, 1, 1, 1, 0, 0, Rough.OFF);

    /**
     * Changes beyond the paper, in this order.
     *
     * @param invert probability that white becomes black, 0..1
     * @param gamma the gray is raised to a power, log-uniform in [1 / (1 + gamma), 1 + gamma]
     * @param resolution the picture is made smaller and large again; its side uniform in [resolution, 1]; 1 is off
     * @param jpeg the picture is compressed at a quality uniform in [jpeg, 1]; 1 is off
     * @param erase largest share of the area in a square that becomes the picture's mean gray; uniform in [0, erase]
     */
    public record Rough(double invert, double gamma, double resolution, double jpeg, double erase) {
        /** Nothing beyond the paper. */
        public static final Rough OFF = new Rough(0, 0, 1, 1, 0);

        /**
         * Checks the ranges.
         *
         * @throws InputException when a value is out of range
         */
        public Rough {
            check("rough.invert", invert, 0, 1);
            check("rough.gamma", gamma, 0, 4);
            check("rough.resolution", resolution, 0.1, 1);
            check("rough.jpeg", jpeg, 0.05, 1);
            check("rough.erase", erase, 0, 0.5);
        }

        private static void check(String name, double value, double low, double high) {
            if (!(value >= low && value <= high)) {
                throw new InputException(
                        "augmentation." + name, "outside " + low + ".." + high, value, "see docs/training.md");
            }
        }
    }

    /** Tries before a crop that does not fit becomes the whole picture (torchvision's rule). */
    private static final int TRIES = 10;

    private static final int REALS = 6;
    private static final int WHOLES = 10;

    /**
     * Checks the ranges.
     *
     * @throws InputException when a value is out of range
     */
    public Augmentation {
        Rough.check("flip", flip, 0, 1);
        Rough.check("degrees", degrees, 0, 180);
        Rough.check("scale", scale, 0.05, 1);
        Rough.check("ratio", ratio, 0.1, 1);
        Rough.check("ratioInverse", ratioInverse, 1, 10);
        Rough.check("brightness", brightness, 0, 1);
        Rough.check("contrast", contrast, 0, 1);
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
            Roughness rough) {
        /** Nothing is changed. */
        public static Draw identity(int size) {
            return new Draw(false, 0, 0, 0, size, size, 1, 1, Roughness.none(size));
        }
    }

    /**
     * What was drawn of {@link Rough}.
     *
     * @param gamma power of the gray
     * @param side pixels each way before the picture is made large again
     * @param quality of the compression; 1 is none
     * @param holeTop first row of the hole
     * @param holeLeft first column of the hole
     * @param hole its side, pixels; 0 for none
     */
    public record Roughness(
            boolean invert, double gamma, int side, double quality, int holeTop, int holeLeft, int hole) {
        /** Nothing is changed. */
        public static Roughness none(int size) {
            return new Roughness(false, 1, size, 1, 0, 0, 0);
        }

        /** What the example steps are multiplied by (libjpeg's rule); 0 leaves the picture as it is. */
        double stepFactor() {
            if (quality >= 1) {
                return 0;
            }
            return quality < 0.5 ? 0.5 / quality : 2 - 2 * quality;
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
                roughness(random, size));
    }

    private Roughness roughness(CounterRandom random, int size) {
        boolean inverted = random.uniform() < rough.invert;
        double steepest = Math.log1p(rough.gamma);
        double power = Math.exp(random.uniform(-steepest, steepest));
        int side = (int) Math.rint(size * random.uniform(rough.resolution, 1));
        double quality = random.uniform(rough.jpeg, 1);
        int hole = (int) Math.rint(size * Math.sqrt(random.uniform(0, rough.erase)));
        int range = hole == 0 ? 1 : size - hole + 1;
        return new Roughness(inverted, power, side, quality, random.below(range), random.below(range), hole);
    }

    /** Height and width of a crop in pixels, rounded half to even; may exceed the picture, then it does not fit. */
    static int[] cropSize(int height, int width, double scale, double ratio) {
        double area = (double) height * width * scale;
        return new int[] {(int) Math.rint(Math.sqrt(area / ratio)), (int) Math.rint(Math.sqrt(area * ratio))};
    }

    /**
     * The draws as the program takes them: float32 [N, 6] with cosine and sine of the angle, brightness, contrast, gamma, factor of the
     * JPEG steps, and int64 [N, 10] with flip, top, left, height, width, inversion, coarse side, the hole's top, left and side.
     */
    public static List<Tensor> tensors(List<Draw> draws) {
        ByteBuffer reals = ByteBuffer.allocateDirect(draws.size() * REALS * 4).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer wholes = ByteBuffer.allocateDirect(draws.size() * WHOLES * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (Draw draw : draws) {
            double radians = Math.toRadians(draw.angle());
            Roughness rough = draw.rough();
            double[] real = {
                Math.cos(radians),
                Math.sin(radians),
                draw.brightness(),
                draw.contrast(),
                rough.gamma(),
                rough.stepFactor()
            };
            long[] whole = {
                draw.flip() ? 1 : 0,
                draw.top(),
                draw.left(),
                draw.height(),
                draw.width(),
                rough.invert() ? 1 : 0,
                rough.side(),
                rough.holeTop(),
                rough.holeLeft(),
                rough.hole()
            };
            for (double each : real) {
                reals.putFloat((float) each);
            }
            for (long each : whole) {
                wholes.putLong(each);
            }
        }
        return List.of(
                new Tensor(ElementType.F32, new long[] {draws.size(), REALS}, reals.flip()),
                new Tensor(ElementType.I64, new long[] {draws.size(), WHOLES}, wholes.flip()));
    }
}
