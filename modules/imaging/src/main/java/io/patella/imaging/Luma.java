package io.patella.imaging;

/** RGB to gray as ITU-R 601 weighs it, in the integers that Pillow's mode "L" uses, so that both give the same value. */
final class Luma {
    private Luma() {}

    /** Each argument 0..255; so is the answer. */
    static int of(int red, int green, int blue) {
        return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
    }
}
