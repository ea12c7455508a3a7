package io.patella.imaging;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Drawn pictures and files made by other hands than ours: ImageIO, and a PNG encoder that takes any filter. */
final class Pictures {
    private Pictures() {}

    static Gray8 noise(int width, int height, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (128 + 90 * Math.sin(i * 0.01) + random.nextInt(30));
        }
        return new Gray8(width, height, pixels);
    }

    static BufferedImage gray(Gray8 picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, picture.width(), picture.height(), picture.pixels());
        return image;
    }

    static BufferedImage rgb(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, new Color(x * 5 % 256, y * 7 % 256, (x + y) * 3 % 256, 200).getRGB());
            }
        }
        return image;
    }

    static BufferedImage gray16(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY);
        WritableRaster raster = image.getRaster();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                raster.setSample(x, y, 0, 257 * (x + y) + 100);
            }
        }
        return image;
    }

    static BufferedImage palette(int width, int height, int bits) {
        int size = 1 << bits;
        byte[][] colours = new byte[3][size];
        for (int i = 0; i < size; i++) {
            colours[0][i] = (byte) (i * 255 / (size - 1));
            colours[1][i] = (byte) (200 - i);
            colours[2][i] = (byte) (i * 3);
        }
        IndexColorModel model = new IndexColorModel(bits, size, colours[0], colours[1], colours[2]);
        WritableRaster raster = model.createCompatibleWritableRaster(width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                raster.setSample(x, y, 0, (x + y) % size);
            }
        }
        return new BufferedImage(model, raster, false, null);
    }

    static byte[] file(BufferedImage image, String format) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalStateException("ImageIO writes no " + format);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] interlacedPng(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam progressive = writer.getDefaultWriteParam();
        progressive.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), progressive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** ImageIO's answer, as raw samples of the first band. */
    static byte[] imageIoGray(byte[] file) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
            int[] values = image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
            byte[] gray = new byte[values.length];
            for (int i = 0; i < gray.length; i++) {
                gray[i] = (byte) values[i];
            }
            return gray;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gray by Pillow's rule from ImageIO's colours. */
    static byte[] imageIoLuma(byte[] file) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
            byte[] gray = new byte[image.getWidth() * image.getHeight()];
            for (int i = 0; i < gray.length; i++) {
                int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
                gray[i] = (byte)
                        ((19595 * (rgb >> 16 & 0xFF) + 38470 * (rgb >> 8 & 0xFF) + 7471 * (rgb & 0xFF) + 0x8000) >> 16);
            }
            return gray;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An 8-bit gray PNG whose every row uses {@code filter}, its data split over several chunks. */
    static byte[] pngWithFilter(Gray8 picture, int filter) {
        int width = picture.width();
        byte[] rows = new byte[(width + 1) * picture.height()];
        for (int y = 0; y < picture.height(); y++) {
            rows[y * (width + 1)] = (byte) filter;
            for (int x = 0; x < width; x++) {
                int left = x == 0 ? 0 : picture.at(y, x - 1);
                int above = y == 0 ? 0 : picture.at(y - 1, x);
                int corner = x == 0 || y == 0 ? 0 : picture.at(y - 1, x - 1);
                int estimate = left + above - corner;
                int paeth = Math.abs(estimate - left) <= Math.abs(estimate - above)
                                && Math.abs(estimate - left) <= Math.abs(estimate - corner)
                        ? left
                        : Math.abs(estimate - above) <= Math.abs(estimate - corner) ? above : corner;
                int predicted = new int[] {0, left, above, (left + above) / 2, paeth}[filter];
                rows[y * (width + 1) + 1 + x] = (byte) (picture.at(y, x) - predicted);
            }
        }
        return png(width, picture.height(), 8, 0, rows, 100);
    }

    /** A PNG from its filtered rows; data chunks of at most {@code chunk} bytes, with a text chunk before them. */
    static byte[] png(int width, int height, int bits, int colour, byte[] rows, int chunk) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) bits)
                        .put((byte) colour)
                        .array());
        chunk(out, "tEXt", "Patient\0Marker Name".getBytes(StandardCharsets.ISO_8859_1));
        Deflater deflater = new Deflater();
        deflater.setInput(rows);
        deflater.finish();
        byte[] buffer = new byte[chunk];
        while (!deflater.finished()) {
            int n = deflater.deflate(buffer);
            chunk(out, "IDAT", java.util.Arrays.copyOf(buffer, n));
        }
        deflater.end();
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    static void chunk(ByteArrayOutputStream out, String name, byte[] data) {
        CRC32 sum = new CRC32();
        byte[] type = name.getBytes(StandardCharsets.US_ASCII);
        sum.update(type);
        sum.update(data);
        try (DataOutputStream fields = new DataOutputStream(out)) {
            fields.writeInt(data.length);
            fields.write(type);
            fields.write(data);
            fields.writeInt((int) sum.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
