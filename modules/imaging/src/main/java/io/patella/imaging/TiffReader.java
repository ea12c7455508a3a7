package io.patella.imaging;

import io.patella.imaging.Decoded.Format;
import io.patella.imaging.Decoded.Picture;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads the first page of a TIFF with TwelveMonkeys: gray of 1 to 16 bits, palette, colour. */
final class TiffReader {
    private static final ThreadLocal<ImageReader> READER = ThreadLocal.withInitial(TiffReader::reader);

    private TiffReader() {}

    static boolean recognises(byte[] file) {
        if (file.length < 8) {
            return false;
        }
        boolean little = file[0] == 'I' && file[1] == 'I' && file[3] == 0 && (file[2] == 42 || file[2] == 43);
        boolean big = file[0] == 'M' && file[1] == 'M' && file[2] == 0 && (file[3] == 42 || file[3] == 43);
        return little || big;
    }

    static Picture read(byte[] file, Scaling scaling, long mostPixels) throws Rejection {
        ImageReader reader = READER.get();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(stream, true, true);
            Decoder.checkSize(reader.getWidth(0), reader.getHeight(0), mostPixels);
            ImageTypeSpecifier type = reader.getRawImageType(0);
            int bits = type == null ? 8 : type.getSampleModel().getSampleSize(0);
            if (bits > 8) {
                Decoder.checkScaling(scaling);
            }
            if (bits > 16) {
                throw new Rejection(QuarantineReason.UNSUPPORTED, bits + "-bit TIFF; expected 8 or 16 bits");
            }
            BufferedImage image = reader.read(0);
            return new Picture(
                    gray(image, bits, scaling),
                    Format.TIFF,
                    bits,
                    image.getRaster().getNumBands(),
                    false);
        } catch (EOFException e) {
            throw new Rejection(QuarantineReason.TRUNCATED, "TIFF ends before its picture does (copy the file again)");
        } catch (IOException | RuntimeException e) {
            throw new Rejection(QuarantineReason.CORRUPT, "TIFF cannot be decoded: " + Decoder.oneLine(e));
        } finally {
            reader.setInput(null);
        }
    }

    /**
     * Samples are taken from the raster wherever they mean gray or RGB, not through the colour model: Java holds gray to be
     * linear light and would bend the values.
     */
    private static Gray8 gray(BufferedImage image, int bits, Scaling scaling) {
        Raster raster = image.getRaster();
        ColorModel colours = image.getColorModel();
        int width = image.getWidth();
        byte[] gray = new byte[width * image.getHeight()];
        int bands = raster.getNumBands();
        boolean isGray = bands <= 2 && colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        boolean isRgb = bands >= 3 && colours.getColorSpace().getType() == ColorSpace.TYPE_RGB;
        int[] row = new int[bands * width];
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int value;
                if (isGray) {
                    value = eightBits(row[bands * x], bits, scaling);
                } else if (isRgb) {
                    value = Luma.of(
                            eightBits(row[bands * x], bits, scaling),
                            eightBits(row[bands * x + 1], bits, scaling),
                            eightBits(row[bands * x + 2], bits, scaling));
                } else {
                    int rgb = image.getRGB(x, y);
                    value = Luma.of(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF);
                }
                gray[y * width + x] = (byte) value;
            }
        }
        return new Gray8(width, image.getHeight(), gray);
    }

    private static int eightBits(int value, int bits, Scaling scaling) {
        if (bits == 8) {
            return value;
        }
        return bits < 8 ? value * 255 / ((1 << bits) - 1) : scaling.apply(value);
    }

    private static ImageReader reader() {
        Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName("tiff");
        while (all.hasNext()) {
            ImageReader each = all.next();
            if (each.getClass().getName().startsWith("com.twelvemonkeys.")) {
                return each;
            }
        }
        throw new IllegalStateException("the TIFF reader of TwelveMonkeys is not on the class path");
    }
}
