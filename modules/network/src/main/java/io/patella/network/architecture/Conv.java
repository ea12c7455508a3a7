package io.patella.network.architecture;

/**
 * The geometry of a two-dimensional convolution with a square kernel.
 *
 * @param in input channels
 * @param out output channels
 * @param kernel height and width of the kernel
 * @param stride step in both directions
 * @param padding zeros on each side; {@link #SAME} computes them from the input's size as TensorFlow does
 * @param groups groups of channels that do not see each other
 * @param biased whether a bias is added
 */
public record Conv(int in, int out, int kernel, int stride, int padding, int groups, boolean biased) {
    /** Padding such that the output has ceil(size / stride) positions, the odd zero below and to the right. */
    public static final int SAME = -1;

    /** Stride 1, padded to keep the size when the kernel is odd, dense, no bias. */
    public static Conv of(int in, int out, int kernel) {
        return new Conv(in, out, kernel, 1, kernel / 2, 1, false);
    }

    /** Each channel by itself, otherwise as {@link #of}. */
    public static Conv depthwise(int channels, int kernel) {
        return new Conv(channels, channels, kernel, 1, kernel / 2, channels, false);
    }

    /** Another stride. */
    public Conv stride(int step) {
        return new Conv(in, out, kernel, step, padding, groups, biased);
    }

    /** Another padding. */
    public Conv padding(int zeros) {
        return new Conv(in, out, kernel, stride, zeros, groups, biased);
    }

    /** Other groups. */
    public Conv groups(int number) {
        return new Conv(in, out, kernel, stride, padding, number, biased);
    }

    /** With a bias. */
    public Conv withBias() {
        return new Conv(in, out, kernel, stride, padding, groups, true);
    }

    /** Padding that depends on the input's size: only strided kernels need it. */
    boolean dynamic() {
        return padding == SAME && stride > 1;
    }

    /** Zeros on each side where these are known beforehand. */
    int fixedPadding() {
        return dynamic() ? 0 : padding == SAME ? (kernel - 1) / 2 : padding;
    }

    long[] weightShape() {
        return new long[] {out, in / groups, kernel, kernel};
    }

    int fanIn() {
        return in / groups * kernel * kernel;
    }

    int fanOut() {
        return out / groups * kernel * kernel;
    }

    /**
     * Whether the positions that a strided 1x1 kernel looks at are picked out beforehand. oneDNN does that itself, but writes past its
     * buffer in the backward pass when the channels are no multiple of 8 (seen with AVX2, 6 channels).
     */
    private boolean picksPositions() {
        return kernel == 1 && stride > 1 && in % 8 != 0;
    }

    /** Statements that pad {@code x}, or pick the positions out of it that matter. */
    String[] inputLines() {
        if (picksPositions()) {
            return new String[] {"x = x[:, :, ::" + stride + ", ::" + stride + "]"};
        }
        if (!dynamic()) {
            return new String[0];
        }
        return new String[] {
            "h = torch.size(x, 2)",
            "w = torch.size(x, 3)",
            pads("h"),
            pads("w"),
            "x = torch.constant_pad_nd(x, [pw // 2, pw - pw // 2, ph // 2, ph - ph // 2], 0)"
        };
    }

    private String pads(String size) {
        return "p" + size + " = max((" + size + " + " + (stride - 1) + ") // " + stride + " * " + stride + " - "
                + stride + " + " + kernel + " - " + size + ", 0)";
    }

    /** Stride, padding, dilation and groups as {@code torch.conv2d} takes them. */
    String arguments() {
        int p = fixedPadding();
        int step = picksPositions() ? 1 : stride;
        return "[" + step + ", " + step + "], [" + p + ", " + p + "], [1, 1], " + groups;
    }

    /** Padding, stride, dilation and groups as oneDNN's operators take them. */
    String fusedArguments() {
        int p = fixedPadding();
        int step = picksPositions() ? 1 : stride;
        return "[" + p + ", " + p + "], [" + step + ", " + step + "], [1, 1], " + groups;
    }
}
