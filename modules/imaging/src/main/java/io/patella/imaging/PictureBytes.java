package io.patella.imaging;

import io.patella.imaging.Decoded.Format;
import io.patella.imaging.Decoded.Picture;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * How the canonical picture lies in the table {@code pictures}: as 8-bit gray PNG, or as the bytes of the file it came from
 * where those already are 8-bit gray, PNG or JPEG (docs/decisions/003). Either way {@link #decode} gives exactly the pixels
 * whose hash stands in {@code radiographs}.
 *
 * <p>Text never comes along: PNG text, time and EXIF chunks, JPEG comments and application segments, and whatever follows the
 * picture's end are left out. They are where scanners write names and dates of birth.
 */
public final class PictureBytes {
    private static final int PNG_SIGNATURE = 8;
    private static final int PNG_CRITICAL =
            0x20; // bit 5 of a chunk's first letter: set in lower case, which is ancillary

    private PictureBytes() {}

    /** The bytes to store for {@code picture}, which was decoded from {@code file}. */
    public static byte[] of(byte[] file, Picture picture) {
        if (!picture.exact()) {
            return PngWriter.write(picture.pixels());
        }
        return picture.format() == Format.PNG ? withoutPngText(file) : withoutJpegText(file);
    }

    /**
     * The pixels in {@code stored}.
     *
     * @throws IllegalArgumentException when the bytes are none of {@link #of}'s: the table was damaged
     */
    public static Gray8 decode(byte[] stored) {
        return Decoder.strict().decode(stored).fold(Picture::pixels, quarantined -> {
            throw new IllegalArgumentException(
                    "not a stored picture: " + quarantined.reason() + ", " + quarantined.detail());
        });
    }

    private static byte[] withoutPngText(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
        out.write(file, 0, PNG_SIGNATURE);
        int at = PNG_SIGNATURE;
        boolean ended = false;
        while (!ended) {
            int whole = 12 + in.getInt(at);
            if ((file[at + 4] & PNG_CRITICAL) == 0) {
                out.write(file, at, whole);
            }
            ended = file[at + 4] == 'I' && file[at + 5] == 'E';
            at += whole;
        }
        return out.size() == file.length ? file : out.toByteArray();
    }

    /** Keeps everything but comments (FE) and application segments other than JFIF (E0) and Adobe (EE). */
    private static byte[] withoutJpegText(byte[] file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
        out.write(file, 0, 2);
        int at = 2;
        while (at + 1 < file.length) {
            int marker = file[at + 1] & 0xFF;
            if (marker == 0xFF) { // fill byte before a marker
                at++;
                continue;
            }
            if (marker == 0xD9) {
                break;
            }
            int end = at + 2 + ((file[at + 2] & 0xFF) << 8 | (file[at + 3] & 0xFF));
            if (marker == 0xDA) {
                end = JpegReader.endOfScan(file, end);
            }
            boolean text = marker == 0xFE || (marker > 0xE0 && marker <= 0xEF && marker != 0xEE);
            if (!text) {
                out.write(file, at, Math.min(end, file.length) - at);
            }
            at = end;
        }
        out.write(0xFF);
        out.write(0xD9);
        return out.size() == file.length ? file : out.toByteArray();
    }
}
