package io.patella.jobs.job.ingest;

import io.patella.imaging.Decoded.Format;
import io.patella.imaging.Decoded.Picture;
import io.patella.imaging.Decoder;
import io.patella.imaging.PictureBytes;
import io.patella.imaging.QualityFlags;
import io.patella.imaging.QuarantineReason;
import io.patella.imaging.Sha256;
import io.patella.tables.row.PictureRow;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an executor found in one file. Either {@code reason} is set and the picture is none, or everything else is.
 *
 * @param file the file, absolute
 * @param reason why it is put aside; null for a picture
 * @param stored the picture as it goes into {@code pictures}; empty when not asked for
 */
@SuppressWarnings("ArrayRecordComponent") // travels between JVMs, is never compared
public record Looked(
        String file,
        @Nullable QuarantineReason reason,
        String detail,
        String sourceSha256,
        String pixelSha256,
        int width,
        int height,
        int bits,
        boolean inverted,
        boolean overExposed,
        boolean bars,
        String encoding,
        byte[] stored)
        implements Serializable {
    private static final byte[] NONE = {};

    /** Files above this are no radiographs of a knee. */
    private static final long MOST_BYTES = 512L << 20;

    /** Reads, hashes, decodes and judges {@code file}; never throws for what it finds. */
    static Looked at(String file, Decoder decoder) {
        byte[] bytes;
        try {
            Path path = Path.of(file);
            long size = Files.size(path);
            if (size > MOST_BYTES) {
                return aside(file, QuarantineReason.UNSUPPORTED, "file of " + size + " bytes; at most " + MOST_BYTES);
            }
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return aside(file, QuarantineReason.UNREADABLE, "no such file (mend the manifest's path)");
        } catch (IOException e) {
            return aside(
                    file,
                    QuarantineReason.UNREADABLE,
                    "cannot be read: " + e.getClass().getSimpleName());
        }
        return decoder.decode(bytes)
                .fold(
                        picture -> picture(file, bytes, picture),
                        refused -> aside(file, refused.reason(), refused.detail()));
    }

    private static Looked picture(String file, byte[] bytes, Picture picture) {
        QualityFlags flags = QualityFlags.of(picture.pixels());
        boolean jpeg = picture.exact() && picture.format() == Format.JPEG;
        return new Looked(
                file,
                null,
                "",
                Sha256.hex(bytes),
                picture.pixels().sha256(),
                picture.pixels().width(),
                picture.pixels().height(),
                picture.bits(),
                flags.inverted(),
                flags.overExposed(),
                flags.bars(),
                jpeg ? PictureRow.JPEG : PictureRow.PNG,
                PictureBytes.of(bytes, picture));
    }

    private static Looked aside(String file, QuarantineReason reason, String detail) {
        return new Looked(file, reason, detail, "", "", 0, 0, 0, false, false, false, "", NONE);
    }

    /** This without the picture, small enough for the driver. */
    Looked withoutPicture() {
        return new Looked(
                file,
                reason,
                detail,
                sourceSha256,
                pixelSha256,
                width,
                height,
                bits,
                inverted,
                overExposed,
                bars,
                encoding,
                NONE);
    }
}
