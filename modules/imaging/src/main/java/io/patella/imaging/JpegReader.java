package io.patella.imaging;

import io.patella.imaging.Decoded.Format;
import io.patella.imaging.Decoded.Picture;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads JPEG with the runtime's libjpeg (6b, slow integer DCT): gray as it is, colour by {@link Luma}, CMYK through
 * TwelveMonkeys. One reader per thread is kept, since making one costs as much as a small picture.
 */
final class JpegReader {
    private static final int START_OF_IMAGE = 0xD8;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int START_OF_SCAN = 0xDA;

    private static final ThreadLocal<JpegReader> READER = ThreadLocal.withInitial(JpegReader::new);

    private final ImageReader plain;
    private @Nullable String warning;

    private JpegReader() {
        plain = reader("com.sun.imageio.plugins.jpeg.JPEGImageReader");
        plain.addIIOReadWarningListener(new Warnings());
    }

    static boolean recognises(byte[] file) {
        return file.length >= 3
                && (file[0] & 0xFF) == 0xFF
                && (file[1] & 0xFF) == START_OF_IMAGE
                && (file[2] & 0xFF) == 0xFF;
    }

    static Picture read(byte[] file, long mostPixels) throws Rejection {
        Frame frame = frame(file);
        Decoder.checkSize(frame.width, frame.height, mostPixels);
        if (frame.bits != 8) {
            throw new Rejection(
                    QuarantineReason.UNSUPPORTED,
                    frame.bits + "-bit JPEG; expected 8-bit gray (convert it, or ingest the DICOM file)");
        }
        if (frame.samples != 1 && frame.samples != 3 && frame.samples != 4) {
            throw new Rejection(QuarantineReason.UNSUPPORTED, "JPEG with " + frame.samples + " components");
        }
        if (endsEarly(file)) {
            throw truncated();
        }
        return READER.get().read(file, frame);
    }

    private Picture read(byte[] file, Frame frame) throws Rejection {
        warning = null;
        byte[] gray;
        try (ImageInputStream stream = new BytesStream(file)) {
            plain.setInput(stream, true, true);
            gray = switch (frame.samples) {
                case 1 -> bytes(plain.readRaster(0, null));
                case 3 -> luma(plain.read(0).getRaster());
                default -> viaTwelveMonkeys(file);
            };
        } catch (IOException | RuntimeException e) {
            throw new Rejection(QuarantineReason.CORRUPT, "JPEG cannot be decoded: " + Decoder.oneLine(e));
        } finally {
            plain.setInput(null);
        }
        if (warning != null) {
            throw warning.startsWith("Premature end")
                    ? truncated()
                    : new Rejection(QuarantineReason.CORRUPT, "JPEG is damaged: " + warning);
        }
        return new Picture(
                new Gray8(frame.width, frame.height, gray), Format.JPEG, 8, frame.samples, frame.samples == 1);
    }

    private static byte[] bytes(Raster raster) {
        if (raster.getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getSize() == raster.getWidth() * raster.getHeight()) {
            return buffer.getData();
        }
        int[] values = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (int[]) null);
        byte[] gray = new byte[values.length];
        for (int i = 0; i < gray.length; i++) {
            gray[i] = (byte) values[i];
        }
        return gray;
    }

    private static byte[] luma(Raster raster) {
        int width = raster.getWidth();
        byte[] gray = new byte[width * raster.getHeight()];
        int[] row = new int[3 * width];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                gray[y * width + x] = (byte) Luma.of(row[3 * x], row[3 * x + 1], row[3 * x + 2]);
            }
        }
        return gray;
    }

    private static byte[] viaTwelveMonkeys(byte[] file) throws IOException {
        ImageReader reader = reader("com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReader");
        try (ImageInputStream stream = new BytesStream(file)) {
            reader.setInput(stream, true, true);
            BufferedImage image = reader.read(0);
            int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            byte[] gray = new byte[rgb.length];
            for (int i = 0; i < gray.length; i++) {
                gray[i] = (byte) Luma.of(rgb[i] >> 16 & 0xFF, rgb[i] >> 8 & 0xFF, rgb[i] & 0xFF);
            }
            return gray;
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader reader(String className) {
        Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName("jpeg");
        while (all.hasNext()) {
            ImageReader each = all.next();
            if (each.getClass().getName().equals(className)) {
                return each;
            }
        }
        throw new IllegalStateException("no " + className + " in this Java runtime");
    }

    private record Frame(int width, int height, int bits, int samples) {}

    /** Walks the marker segments to the frame header, so that size and depth are known before anything is decoded. */
    private static Frame frame(byte[] file) throws Rejection {
        int at = 2;
        while (at + 4 <= file.length) {
            if ((file[at] & 0xFF) != 0xFF) {
                throw new Rejection(QuarantineReason.CORRUPT, "JPEG with no marker at byte " + at);
            }
            int marker = file[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == END_OF_IMAGE || marker == START_OF_SCAN) {
                throw new Rejection(QuarantineReason.CORRUPT, "JPEG without a frame header");
            }
            int length = (file[at + 2] & 0xFF) << 8 | (file[at + 3] & 0xFF);
            boolean isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (isFrame && at + 10 <= file.length) {
                int height = (file[at + 5] & 0xFF) << 8 | (file[at + 6] & 0xFF);
                int width = (file[at + 7] & 0xFF) << 8 | (file[at + 8] & 0xFF);
                if (width == 0 || height == 0 || length < 8) {
                    throw new Rejection(QuarantineReason.CORRUPT, "JPEG frame of " + width + " x " + height);
                }
                return new Frame(width, height, file[at + 4] & 0xFF, file[at + 9] & 0xFF);
            }
            if (length < 2) {
                throw new Rejection(QuarantineReason.CORRUPT, "JPEG segment of length " + length);
            }
            at += 2 + length;
        }
        throw truncated();
    }

    private static Rejection truncated() {
        return new Rejection(QuarantineReason.TRUNCATED, "JPEG ends before its picture does (copy the file again)");
    }

    /** Where the marker after a scan's entropy-coded data stands: FF not followed by 00, FF or a restart marker. */
    static int endOfScan(byte[] file, int from) {
        int at = EightBytes.indexOfFF(file, from);
        while (at + 1 < file.length) {
            int next = file[at + 1] & 0xFF;
            if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
                return at;
            }
            at = EightBytes.indexOfFF(file, at + 1);
        }
        return file.length;
    }

    /** Whether the end marker is missing from where it belongs (one inside an embedded preview does not count). */
    private static boolean endsEarly(byte[] file) {
        int at = 2;
        while (at + 3 < file.length) {
            int marker = file[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == END_OF_IMAGE) {
                return false;
            }
            at += 2 + ((file[at + 2] & 0xFF) << 8 | (file[at + 3] & 0xFF));
            if (marker == START_OF_SCAN) {
                at = endOfScan(file, at);
            }
        }
        return at + 2 > file.length || (file[at + 1] & 0xFF) != END_OF_IMAGE;
    }

    /** The runtime's reader warns where other decoders fail: it fills a cut picture with gray. */
    private final class Warnings implements IIOReadWarningListener {
        @Override
        public void warningOccurred(ImageReader source, String text) {
            boolean harmful = text.startsWith("Premature end") || text.startsWith("Corrupt JPEG data");
            if (harmful && warning == null) {
                warning = text;
            }
        }
    }

    /** Bytes in memory as an image stream without the copy into blocks that the runtime's own memory cache makes. */
    static final class BytesStream extends MemoryCacheImageInputStream {
        BytesStream(byte[] bytes) {
            super(new java.io.ByteArrayInputStream(bytes));
        }
    }
}
