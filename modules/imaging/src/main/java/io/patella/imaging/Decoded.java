package io.patella.imaging;

import java.util.function.Function;

/** What became of one file. A decoder gives exactly one per input; nothing is thrown for a bad picture. */
public sealed interface Decoded {
    /**
     * A picture in canonical 8-bit gray.
     *
     * @param pixels the gray values
     * @param format the file's format, told from its first bytes
     * @param bits bits per sample in the file
     * @param samples samples per pixel in the file: 1 gray or palette, 2 gray and alpha, 3 colour, 4 colour and alpha or CMYK
     * @param exact whether the file itself holds these 8-bit gray values, so that it need not be encoded again
     */
    record Picture(Gray8 pixels, Format format, int bits, int samples, boolean exact) implements Decoded {}

    /**
     * A file put aside.
     *
     * @param reason the kind of fault
     * @param detail what was found and how to mend it, one line
     */
    record Quarantined(QuarantineReason reason, String detail) implements Decoded {}

    /** Formats that are read. */
    enum Format {
        PNG,
        JPEG,
        TIFF
    }

    default <T> T fold(Function<Picture, T> picture, Function<Quarantined, T> quarantined) {
        return this instanceof Picture p ? picture.apply(p) : quarantined.apply((Quarantined) this);
    }
}
