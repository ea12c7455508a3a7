package io.patella.imaging;

import io.patella.imaging.Decoded.Quarantined;
import java.io.Serializable;

/**
 * Turns the bytes of one file into canonical 8-bit gray. The format is told from the first bytes, never from the name. 8-bit
 * gray stays exactly as it is, colour becomes gray by ITU-R 601 as in Pillow's mode "L", alpha is dropped, 16 bits are refused
 * unless a {@link Scaling} was chosen. Safe for use by many threads; same bytes, same answer.
 *
 * @param scaling what to do with more than 8 bits
 * @param mostPixels width x height above this is refused by the header alone, before anything is decoded
 */
public record Decoder(Scaling scaling, long mostPixels) implements Serializable {
    /** Room for a full-length leg film at 0.1 mm (100 megapixels); one such picture takes 100 MB. */
    public static final long MOST_PIXELS = 100_000_000;

    public Decoder {
        if (mostPixels < 1 || mostPixels > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("most pixels: " + mostPixels);
        }
    }

    /** Refuses 16-bit pictures and anything above {@link #MOST_PIXELS}. */
    public static Decoder strict() {
        return new Decoder(new Scaling.Refuse(), MOST_PIXELS);
    }

    /** This decoder with another rule for 16-bit pictures. */
    public Decoder with(Scaling other) {
        return new Decoder(other, mostPixels);
    }

    /** What became of {@code file}; never throws for what is in it. */
    public Decoded decode(byte[] file) {
        if (file.length == 0) {
            return new Quarantined(QuarantineReason.EMPTY_FILE, "the file has no bytes (copy it again)");
        }
        try {
            if (PngReader.recognises(file)) {
                return PngReader.read(file, scaling, mostPixels);
            }
            if (JpegReader.recognises(file)) {
                return JpegReader.read(file, mostPixels);
            }
            if (TiffReader.recognises(file)) {
                return TiffReader.read(file, scaling, mostPixels);
            }
            return new Quarantined(
                    QuarantineReason.NOT_AN_IMAGE,
                    "begins like no PNG, JPEG or TIFF (first bytes: " + start(file) + ")");
        } catch (Rejection e) {
            return e.quarantined();
        }
    }

    static void checkSize(int width, int height, long mostPixels) throws Rejection {
        if ((long) width * height > mostPixels) {
            throw new Rejection(
                    QuarantineReason.TOO_MANY_PIXELS,
                    width + " x " + height + " pixels; at most " + mostPixels
                            + " are decoded (raise max-pixels if this is no decompression bomb)");
        }
    }

    static void checkScaling(Scaling scaling) throws Rejection {
        if (scaling instanceof Scaling.Refuse) {
            throw new Rejection(
                    QuarantineReason.SIXTEEN_BIT,
                    "16-bit picture with no window; expected 8-bit gray"
                            + " (pass --window 0:4095, --full-range, or ingest the DICOM file)");
        }
    }

    static String oneLine(Exception e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return text.lines().findFirst().orElse("");
    }

    /** Printable bytes only: what lies in a stranger's file must not reach a terminal as it is. */
    private static String start(byte[] file) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(8, file.length); i++) {
            text.append(String.format("%02x", file[i] & 0xFF)).append(i == 7 || i == file.length - 1 ? "" : " ");
        }
        return text.toString();
    }
}
