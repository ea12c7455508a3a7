package io.patella.imaging.phantom;

import io.patella.cohort.Laterality;
import io.patella.imaging.Gray8;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How a hospital photographs knees. A takes squares around one knee with an exposure that wanders, as the OAI's crops do; B
 * takes wide and low pictures of higher contrast and more noise, often with bars at the sides.
 */
public enum Hospital {
    /** Square, 0.94 lengths from the middle to each side. */
    A(1.0, 0.94, 0.95, 0.010, 0.013, 0.05, 0.035, 0.02),
    /** 300 to 162, 1.5 lengths to the sides. */
    B(1.85, 1.48, 1.5, 0.028, 0.0, 0.01, 0.01, 0.35);

    private static final double BACKGROUND = 0.06;

    private final double aspect;
    private final double halfWidth;
    private final double contrast;
    private final double noise;
    private final double invertedShare;
    private final double lowContrastShare;
    private final double overExposedShare;
    private final double barsShare;

    Hospital(
            double aspect,
            double halfWidth,
            double contrast,
            double noise,
            double invertedShare,
            double lowContrastShare,
            double overExposedShare,
            double barsShare) {
        this.aspect = aspect;
        this.halfWidth = halfWidth;
        this.contrast = contrast;
        this.noise = noise;
        this.invertedShare = invertedShare;
        this.lowContrastShare = lowContrastShare;
        this.overExposedShare = overExposedShare;
        this.barsShare = barsShare;
    }

    /**
     * The picture of {@code knee}: the same for the same arguments.
     *
     * @param width columns, at least 32; the height follows from the hospital's format
     */
    public Gray8 photograph(PhantomKnee knee, int width) {
        int height = (int) Math.round(width / aspect);
        SplittableRandom random = new SplittableRandom(knee.seed());
        KneeAnatomy anatomy = KneeAnatomy.draw(knee.grade(), random);
        double[] attenuation = expose(anatomy, knee.laterality(), width, height, random);
        blur(attenuation, width, height);
        byte[] pixels = develop(attenuation, random);
        if (random.nextDouble() < barsShare) {
            addBars(pixels, width, height, random);
        }
        if (random.nextDouble() < invertedShare) {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) (255 - (pixels[i] & 0xFF));
            }
        }
        return new Gray8(width, height, pixels);
    }

    private double[] expose(KneeAnatomy anatomy, Laterality side, int width, int height, SplittableRandom random) {
        Attenuation knee = new Attenuation(anatomy, random.nextLong());
        double zoom = halfWidth * (1 + 0.05 * random.nextGaussian()) * 2 / width;
        double angle = Math.toRadians(2.0 * random.nextGaussian());
        double sine = Math.sin(angle) * zoom;
        double cosine = Math.cos(angle) * zoom;
        double centreX = width / 2.0 + 0.02 * width * random.nextGaussian();
        double centreY = height / 2.0 + 0.03 * height * random.nextGaussian();
        // the fibula is on the picture's left for a right knee, seen from the front
        double lateral = side == Laterality.RIGHT ? -1 : 1;
        double[] attenuation = new double[width * height];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double right = column + 0.5 - centreX;
                double down = row + 0.5 - centreY;
                double x = cosine * right + sine * down;
                double y = cosine * down - sine * right;
                attenuation[row * width + column] = knee.at(lateral * x, y);
            }
        }
        return attenuation;
    }

    /** Three by three, binomial: no detector is sharper than its pixels. */
    private static void blur(double[] values, int width, int height) {
        for (int row = 0; row < height; row++) {
            double before = values[row * width];
            for (int column = 1; column < width - 1; column++) {
                int at = row * width + column;
                double here = values[at];
                values[at] = 0.25 * before + 0.5 * here + 0.25 * values[at + 1];
                before = here;
            }
        }
        for (int column = 0; column < width; column++) {
            double before = values[column];
            for (int row = 1; row < height - 1; row++) {
                int at = row * width + column;
                double here = values[at];
                values[at] = 0.25 * before + 0.5 * here + 0.25 * values[at + width];
                before = here;
            }
        }
    }

    /** Attenuation to gray through a film's curve; exposure and gradation differ from picture to picture. */
    private byte[] develop(double[] attenuation, SplittableRandom random) {
        double kind = random.nextDouble();
        double gain = contrast * (1 + 0.15 * random.nextGaussian());
        double floor = 0.05 * random.nextGaussian();
        double top = 255;
        double bottom = 0;
        if (kind < lowContrastShare) {
            bottom = 60 + 50 * random.nextDouble();
            top = bottom + 70 + 30 * random.nextDouble();
        } else if (kind < lowContrastShare + overExposedShare) {
            gain *= 3.2;
            top = 245 + 10 * random.nextDouble();
        }
        byte[] pixels = new byte[attenuation.length];
        for (int i = 0; i < pixels.length; i++) {
            double light = Math.max(0, attenuation[i] - BACKGROUND + floor + noise * random.nextGaussian());
            double film = 1 - Math.exp(-gain * light * (1 + 0.5 * light));
            pixels[i] = (byte) Math.round(Math.min(255, Math.max(0, bottom + (top - bottom) * film)));
        }
        return pixels;
    }

    private static void addBars(byte[] pixels, int width, int height, SplittableRandom random) {
        byte shade = (byte) (random.nextDouble() < 0.8 ? 0 : 255);
        boolean sides = random.nextDouble() < 0.7;
        int most = (sides ? width : height) / 9;
        int first = 4 + random.nextInt(most);
        int last = random.nextInt(most);
        for (int row = 0; row < height; row++) {
            if (sides) {
                Arrays.fill(pixels, row * width, row * width + first, shade);
                Arrays.fill(pixels, (row + 1) * width - last, (row + 1) * width, shade);
            } else if (row < first || row >= height - last) {
                Arrays.fill(pixels, row * width, (row + 1) * width, shade);
            }
        }
    }
}
