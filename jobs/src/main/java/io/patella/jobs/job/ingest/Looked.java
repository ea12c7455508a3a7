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
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an executor found in one file. Either {@code reason} is set and the picture is none, or everything else is.
 *
 * @param file the file, absolute
 * @param reason why it is put aside; null for a picture
 */
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
        boolean bars)
        implements Serializable {
    /** Files above this are no radiographs of a knee. */
    private static final long MOST_BYTES = 512L << 20;

    /** A file as it is in memory: what was found, and its picture, null when it is none. */
    @SuppressWarnings("ArrayRecordComponent") // is never compared
    record Opened(Looked looked, byte[] bytes, @Nullable Picture picture) {
        /** How {@link #stored} is encoded. */
        String encoding() {
            Picture there = Objects.requireNonNull(picture);
            return there.exact() && there.format() == Format.JPEG ? PictureRow.JPEG : PictureRow.PNG;
        }

        /** The picture as it goes into {@code pictures}. */
        byte[] stored() {
            return PictureBytes.of(bytes, Objects.requireNonNull(picture));
        }
    }

    /** Reads, hashes, decodes and judges {@code file}; never throws for what it finds. */
    static Opened open(String file, Decoder decoder) {
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
        } catch (InvalidPathException e) {
            return aside(
                    file,
                    QuarantineReason.UNREADABLE,
                    "name has characters that this locale lacks (set LC_ALL=C.UTF-8)");
        } catch (IOException e) {
            return aside(
                    file,
                    QuarantineReason.UNREADABLE,
                    "cannot be read: " + e.getClass().getSimpleName());
        }
        return decoder.decode(bytes)
                .fold(
                        picture -> new Opened(picture(file, bytes, picture), bytes, picture),
                        refused -> aside(file, refused.reason(), refused.detail()));
    }

    private static Looked picture(String file, byte[] bytes, Picture picture) {
        QualityFlags flags = QualityFlags.of(picture.pixels());
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
                flags.bars());
    }

    private static Opened aside(String file, QuarantineReason reason, String detail) {
        return new Opened(new Looked(file, reason, detail, "", "", 0, 0, 0, false, false, false), new byte[0], null);
    }
}
