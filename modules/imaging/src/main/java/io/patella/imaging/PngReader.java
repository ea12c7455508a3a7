package io.patella.imaging;

import io.patella.imaging.Decoded.Format;
import io.patella.imaging.Decoded.Picture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads every PNG of the standard (all colour types, 1 to 16 bits, interlaced or not) straight to 8-bit gray.
 *
 * <p>Own code because a cohort is many small files: ImageIO spends several times longer on setting up streams, metadata and
 * colour models than on the pixels (docs/decisions/003). Colour goes to gray by {@link Luma}, alpha is dropped, 1, 2 and 4
 * bits are stretched to 0..255, 16 bits go through {@link Scaling}: what Pillow's {@code convert("L")} does. Text chunks are
 * stepped over unread.
 */
final class PngReader {
    private static final int SIGNATURE_LENGTH = 8;
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504C5445;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;

    private static final int GRAY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GRAY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    /** Bytes decompressed at a time: few calls into zlib, and no second copy of a large picture. */
    private static final int BLOCK = 1 << 16;

    /** Two rows are in memory before a byte of them is seen: no radiograph has rows like that, a decompression bomb may. */
    private static final int MOST_ROW_BYTES = 16 << 20;

    /** Adam7: first row, first column, row step and column step of each pass. */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {0, 4, 8, 8}, {4, 0, 8, 4}, {0, 2, 4, 4}, {2, 0, 4, 2}, {0, 1, 2, 2}, {1, 0, 2, 1}
    };

    /** One per thread: its native state costs more than a small picture. */
    private static final ThreadLocal<Inflater> INFLATER = ThreadLocal.withInitial(Inflater::new);

    private final byte[] file;
    private final Scaling scaling;
    private int width;
    private int height;
    private int bits;
    private int colour;
    private boolean interlaced;
    private int[] paletteGray = new int[0];

    private PngReader(byte[] file, Scaling scaling) {
        this.file = file;
        this.scaling = scaling;
    }

    static boolean recognises(byte[] file) {
        return file.length >= SIGNATURE_LENGTH
                && (file[0] & 0xFF) == 0x89
                && file[1] == 'P'
                && file[2] == 'N'
                && file[3] == 'G'
                && file[4] == '\r'
                && file[5] == '\n'
                && file[6] == 0x1A
                && file[7] == '\n';
    }

    static Picture read(byte[] file, Scaling scaling, long mostPixels) throws Rejection {
        return new PngReader(file, scaling).read(mostPixels);
    }

    private Picture read(long mostPixels) throws Rejection {
        readHeader();
        Decoder.checkSize(width, height, mostPixels);
        if ((long) width * bits * samplesPerPixel() / 8 > MOST_ROW_BYTES) {
            throw new Rejection(
                    QuarantineReason.TOO_MANY_PIXELS,
                    "PNG rows of " + width + " pixels; at most " + MOST_ROW_BYTES + " bytes a row are decoded");
        }
        if (bits == 16) {
            Decoder.checkScaling(scaling);
        }
        byte[] pixels = new byte[width * height];
        Inflater inflater = INFLATER.get();
        inflater.reset();
        Source source = new Source(inflater);
        if (interlaced) {
            for (int[] pass : PASSES) {
                readPass(source, pixels, pass[0], pass[1], pass[2], pass[3]);
            }
        } else {
            readPass(source, pixels, 0, 0, 1, 1);
        }
        source.finish();
        return new Picture(
                new Gray8(width, height, pixels), Format.PNG, bits, samplesPerPixel(), bits == 8 && colour == GRAY);
    }

    private void readHeader() throws Rejection {
        int length = chunkLength(SIGNATURE_LENGTH);
        if (intAt(SIGNATURE_LENGTH + 4) != IHDR || length != 13) {
            throw new Rejection(QuarantineReason.CORRUPT, "PNG does not begin with a header chunk");
        }
        checkSum(SIGNATURE_LENGTH, length);
        int at = SIGNATURE_LENGTH + 8;
        width = intAt(at);
        height = intAt(at + 4);
        bits = file[at + 8];
        colour = file[at + 9];
        interlaced = file[at + 12] == 1;
        boolean depthFits = switch (colour) {
            case GRAY -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
            case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
            case RGB, GRAY_ALPHA, RGB_ALPHA -> bits == 8 || bits == 16;
            default -> false;
        };
        if (width <= 0 || height <= 0 || !depthFits || file[at + 10] != 0 || file[at + 11] != 0 || file[at + 12] > 1) {
            throw new Rejection(QuarantineReason.CORRUPT, "PNG header with impossible values");
        }
    }

    private int samplesPerPixel() {
        return switch (colour) {
            case GRAY_ALPHA -> 2;
            case RGB -> 3;
            case RGB_ALPHA -> 4;
            default -> 1;
        };
    }

    /** Reads the rows that one pass holds and puts their pixels where they belong. */
    private void readPass(Source source, byte[] pixels, int firstRow, int firstColumn, int rowStep, int columnStep)
            throws Rejection {
        int columns = (width - firstColumn + columnStep - 1) / columnStep;
        int rows = (height - firstRow + rowStep - 1) / rowStep;
        if (columns <= 0 || rows <= 0) {
            return;
        }
        int bitsPerPixel = bits * samplesPerPixel();
        int rowBytes = Math.toIntExact(((long) columns * bitsPerPixel + 7) / 8);
        int before = Math.max(1, bitsPerPixel / 8);
        int stride = rowBytes + 1; // the filter's number, then the row
        int atOnce = Math.max(1, Math.min(rows, BLOCK / stride));
        byte[] block = new byte[stride * (atOnce + 1)]; // its first row is the last one of the block before
        boolean plain = bits == 8 && colour == GRAY && columnStep == 1;
        for (int y = 0; y < rows; y += atOnce) {
            int count = Math.min(atOnce, rows - y);
            source.fill(block, stride, count * stride);
            for (int i = 1; i <= count; i++) {
                int from = i * stride + 1;
                unfilter(block[from - 1], block, from, rowBytes, before);
                int to = (firstRow + (y + i - 1) * rowStep) * width + firstColumn;
                if (plain) {
                    System.arraycopy(block, from, pixels, to, columns);
                } else {
                    for (int x = 0; x < columns; x++) {
                        pixels[to + x * columnStep] = (byte) gray(block, from, x);
                    }
                }
            }
            System.arraycopy(block, count * stride, block, 0, stride);
        }
    }

    private int gray(byte[] block, int row, int x) throws Rejection {
        if (bits < 8) {
            int bit = x * bits;
            int value = (block[row + bit / 8] >> (8 - bits - bit % 8)) & ((1 << bits) - 1);
            return colour == PALETTE ? fromPalette(value) : value * 255 / ((1 << bits) - 1);
        }
        int first = x * samplesPerPixel();
        return switch (colour) {
            case PALETTE -> fromPalette(block[row + x] & 0xFF);
            case RGB, RGB_ALPHA ->
                Luma.of(sample(block, row, first), sample(block, row, first + 1), sample(block, row, first + 2));
            default -> sample(block, row, first);
        };
    }

    private int sample(byte[] block, int row, int index) {
        if (bits == 8) {
            return block[row + index] & 0xFF;
        }
        int at = row + 2 * index;
        return scaling.apply((block[at] & 0xFF) << 8 | (block[at + 1] & 0xFF));
    }

    private int fromPalette(int index) throws Rejection {
        if (index >= paletteGray.length) {
            throw new Rejection(QuarantineReason.CORRUPT, "PNG names colour " + index + ", which its palette lacks");
        }
        return paletteGray[index];
    }

    /**
     * Undoes the filter of one row in place; the row above lies {@code length + 1} bytes before it. Bytes {@code before} apart depend
     * on each other and no others do, so each of these chains goes on its own, with its last values at hand.
     */
    private static void unfilter(int filter, byte[] block, int from, int length, int before) throws Rejection {
        if (filter < 0 || filter > 4) {
            throw new Rejection(QuarantineReason.CORRUPT, "PNG row with filter " + filter);
        }
        int above = length + 1;
        int end = from + length;
        if (before == 1) {
            undo(filter, block, from, end, 1, above); // by a constant the compiler knows where all indices lie
            return;
        }
        for (int first = from; first < from + before; first++) {
            undo(filter, block, first, end, before, above);
        }
    }

    private static void undo(int filter, byte[] block, int first, int end, int before, int above) {
        switch (filter) {
            case 1 -> addLeft(block, first, end, before);
            case 2 -> addAbove(block, first, end, before, above);
            case 3 -> addMean(block, first, end, before, above);
            case 4 -> addNearest(block, first, end, before, above);
            default -> {}
        }
    }

    private static void addLeft(byte[] block, int first, int end, int before) {
        int left = 0;
        for (int i = first; i < end; i += before) {
            left += block[i];
            block[i] = (byte) left;
        }
    }

    private static void addAbove(byte[] block, int first, int end, int before, int above) {
        for (int i = first; i < end; i += before) {
            block[i] += block[i - above];
        }
    }

    private static void addMean(byte[] block, int first, int end, int before, int above) {
        int left = 0;
        for (int i = first; i < end; i += before) {
            left = (block[i] + ((left + (block[i - above] & 0xFF)) >> 1)) & 0xFF;
            block[i] = (byte) left;
        }
    }

    private static void addNearest(byte[] block, int first, int end, int before, int above) {
        int left = 0;
        int corner = 0;
        for (int i = first; i < end; i += before) {
            int over = block[i - above] & 0xFF;
            left = (block[i] + paeth(left, over, corner)) & 0xFF;
            corner = over;
            block[i] = (byte) left;
        }
    }

    /**
     * PNG specification 9.4: whichever of left, above and corner is nearest to left + above - corner, in this order where two are
     * as near. Without branches: on a radiograph they would go either way, and a processor that guesses wrong waits longer than
     * all of this takes.
     */
    static int paeth(int left, int above, int corner) {
        int toLeft = Math.abs(above - corner);
        int toAbove = Math.abs(left - corner);
        int toCorner = Math.abs(left + above - 2 * corner);
        int cornerIsNearer = (toCorner - toAbove) >> 31; // all ones or none
        int other = above ^ ((above ^ corner) & cornerIsNearer);
        int otherIsNearer = (Math.min(toAbove, toCorner) - toLeft) >> 31;
        return left ^ ((left ^ other) & otherIsNearer);
    }

    private int intAt(int at) throws Rejection {
        if (at + 4 > file.length) {
            throw truncated();
        }
        return ByteBuffer.wrap(file, at, 4).getInt();
    }

    /** Length of the chunk that starts at {@code at}; the whole chunk lies within the file. */
    private int chunkLength(int at) throws Rejection {
        int length = intAt(at);
        if (length < 0) {
            throw new Rejection(QuarantineReason.CORRUPT, "PNG chunk longer than 2^31 bytes");
        }
        if ((long) at + 12 + length > file.length) {
            throw truncated();
        }
        return length;
    }

    private void checkSum(int at, int length) throws Rejection {
        CRC32 sum = new CRC32();
        sum.update(file, at + 4, length + 4);
        if ((int) sum.getValue() != intAt(at + 8 + length)) {
            String name = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
            throw new Rejection(QuarantineReason.CORRUPT, "PNG chunk " + name + " fails its checksum");
        }
    }

    private static Rejection truncated() {
        return new Rejection(QuarantineReason.TRUNCATED, "PNG ends before its picture does (copy the file again)");
    }

    /** The decompressed bytes of all data chunks, chunk after chunk. */
    private final class Source {
        private final Inflater inflater;
        private int at = SIGNATURE_LENGTH + 12 + 13;
        private boolean ended;

        Source(Inflater inflater) {
            this.inflater = inflater;
        }

        void fill(byte[] into, int from, int length) throws Rejection {
            int filled = 0;
            try {
                while (filled < length) {
                    int n = inflater.inflate(into, from + filled, length - filled);
                    filled += n;
                    if (n == 0) {
                        if (inflater.finished() || inflater.needsDictionary()) {
                            throw new Rejection(
                                    QuarantineReason.CORRUPT, "PNG holds fewer pixels than its header says");
                        }
                        if (!nextData()) {
                            throw truncated();
                        }
                    }
                }
            } catch (DataFormatException e) {
                throw new Rejection(QuarantineReason.CORRUPT, "PNG data cannot be decompressed: " + e.getMessage());
            }
        }

        /** The end chunk must come: a file that was cut after its last pixel was still cut. */
        void finish() throws Rejection {
            while (!ended) {
                nextData();
            }
        }

        /** Feeds the next data chunk; false at the end chunk. */
        private boolean nextData() throws Rejection {
            while (!ended) {
                int length = chunkLength(at);
                int name = intAt(at + 4);
                int data = at + 8;
                if (name == IDAT || name == PLTE || name == IEND) {
                    checkSum(at, length);
                }
                at = data + length + 4;
                if (name == IDAT && length > 0) {
                    inflater.setInput(file, data, length);
                    return true;
                } else if (name == PLTE) {
                    readPalette(data, length);
                } else if (name == IEND) {
                    ended = true;
                }
            }
            return false;
        }

        private void readPalette(int at, int length) throws Rejection {
            if (length % 3 != 0 || length > 3 * 256) {
                throw new Rejection(QuarantineReason.CORRUPT, "PNG palette of " + length + " bytes");
            }
            paletteGray = new int[length / 3];
            for (int i = 0; i < paletteGray.length; i++) {
                int entry = at + 3 * i;
                paletteGray[i] = Luma.of(file[entry] & 0xFF, file[entry + 1] & 0xFF, file[entry + 2] & 0xFF);
            }
        }
    }
}
