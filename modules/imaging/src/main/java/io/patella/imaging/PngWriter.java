package io.patella.imaging;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes gray and colour pictures as PNG: the header, one data chunk, the end; no text, no time, so that the same picture
 * always gives the same bytes. Each row takes the filter with the smallest sum of absolute differences.
 */
public final class PngWriter {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int FILTERS = 5;

    private PngWriter() {}

    /** 8-bit gray PNG. */
    public static byte[] write(Gray8 picture) {
        return write(picture.width(), picture.height(), 1, picture.pixels());
    }

    /** 8-bit RGB PNG. */
    public static byte[] write(Rgb8 picture) {
        return write(picture.width(), picture.height(), 3, picture.samples());
    }

    private static byte[] write(int width, int height, int samples, byte[] data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length / 2 + 128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(SIGNATURE);
            ByteArrayOutputStream header = new ByteArrayOutputStream(13);
            DataOutputStream fields = new DataOutputStream(header);
            fields.writeInt(width);
            fields.writeInt(height);
            fields.write(new byte[] {8, (byte) (samples == 1 ? 0 : 2), 0, 0, 0});
            chunk(out, "IHDR", header.toByteArray());
            chunk(out, "IDAT", deflate(filter(width * samples, height, samples, data)));
            chunk(out, "IEND", new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory", e);
        }
        return bytes.toByteArray();
    }

    private static void chunk(DataOutputStream out, String name, byte[] data) throws IOException {
        byte[] type = name.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(type);
        sum.update(data);
        out.writeInt(data.length);
        out.write(type);
        out.write(data);
        out.writeInt((int) sum.getValue());
    }

    private static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(data.length / 2 + 64);
            byte[] buffer = new byte[16384];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static byte[] filter(int rowBytes, int height, int before, byte[] data) {
        byte[] filtered = new byte[height * (rowBytes + 1)];
        byte[] trial = new byte[rowBytes];
        for (int y = 0; y < height; y++) {
            int to = y * (rowBytes + 1);
            long least = Long.MAX_VALUE;
            for (int type = 0; type < FILTERS; type++) {
                long sum = 0;
                for (int i = 0; i < rowBytes; i++) {
                    int at = y * rowBytes + i;
                    int left = i < before ? 0 : data[at - before] & 0xFF;
                    int above = y == 0 ? 0 : data[at - rowBytes] & 0xFF;
                    int corner = i < before || y == 0 ? 0 : data[at - rowBytes - before] & 0xFF;
                    trial[i] = (byte) (data[at] - predicted(type, left, above, corner));
                    sum += Math.abs(trial[i]);
                }
                if (sum < least) {
                    least = sum;
                    filtered[to] = (byte) type;
                    System.arraycopy(trial, 0, filtered, to + 1, rowBytes);
                }
            }
        }
        return filtered;
    }

    private static int predicted(int type, int left, int above, int corner) {
        return switch (type) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> above;
            case 3 -> (left + above) >> 1;
            default -> PngReader.paeth(left, above, corner);
        };
    }
}
