package io.patella.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.imaging.Decoded.Picture;
import io.patella.imaging.Decoded.Quarantined;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
    private static final Gray8 NOISE = Pictures.noise(61, 47, 1);

    @Test
    void eightBitGrayPngStaysAsItIs() {
        Picture picture = picture(Pictures.file(Pictures.gray(NOISE), "png"));
        assertThat(picture.pixels()).isEqualTo(NOISE);
        assertThat(picture.exact()).isTrue();
        assertThat(picture.bits()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void everyPngFilterGivesWhatImageIoGives(int filter) {
        byte[] file = Pictures.pngWithFilter(NOISE, filter);
        assertThat(picture(file).pixels().pixels()).isEqualTo(NOISE.pixels()).isEqualTo(Pictures.imageIoGray(file));
    }

    @Test
    void aLargePngIsReadBlockByBlock() {
        Gray8 large = Pictures.noise(1000, 700, 5);
        for (int filter = 0; filter < 5; filter++) {
            assertThat(picture(Pictures.pngWithFilter(large, filter)).pixels()).isEqualTo(large);
        }
    }

    @Test
    void interlacedPngEqualsThePlainOne() {
        for (int size : new int[] {1, 2, 5, 8, 47}) {
            Gray8 gray = Pictures.noise(size, 2 * size, size);
            assertThat(picture(Pictures.interlacedPng(Pictures.gray(gray))).pixels())
                    .isEqualTo(gray);
        }
        BufferedImage colour = Pictures.rgb(33, 19, BufferedImage.TYPE_INT_RGB);
        assertThat(picture(Pictures.interlacedPng(colour)).pixels())
                .isEqualTo(picture(Pictures.file(colour, "png")).pixels());
    }

    @Test
    void colourBecomesGrayByPillowsWeights() {
        for (String format : new String[] {"png", "jpeg", "tiff"}) {
            byte[] file = Pictures.file(Pictures.rgb(33, 19, BufferedImage.TYPE_INT_RGB), format);
            Picture picture = picture(file);
            assertThat(picture.pixels().pixels()).as(format).isEqualTo(Pictures.imageIoLuma(file));
            assertThat(picture.exact()).isFalse();
            assertThat(picture.samples()).isEqualTo(3);
        }
    }

    @Test
    void alphaIsDropped() {
        byte[] file = Pictures.file(Pictures.rgb(33, 19, BufferedImage.TYPE_INT_ARGB), "png");
        byte[] opaque = Pictures.file(Pictures.rgb(33, 19, BufferedImage.TYPE_INT_RGB), "png");
        assertThat(picture(file).pixels()).isEqualTo(picture(opaque).pixels());
        assertThat(picture(file).samples()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void paletteColoursBecomeGray(int bits) {
        for (String format : new String[] {"png", "tiff"}) {
            byte[] file = Pictures.file(Pictures.palette(21, 9, bits), format);
            assertThat(picture(file).pixels().pixels())
                    .as("%d bits, %s", bits, format)
                    .isEqualTo(Pictures.imageIoLuma(file));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 27, 0 0 0 255 255 0 255 255", "2, 27, 0 85 170 255", "4, 31, 17 255"})
    void fewGrayBitsAreStretchedToTheWholeScale(int bits, int value, String expected) {
        String[] grays = expected.split(" ", -1);
        byte[] file = Pictures.png(grays.length, 1, bits, 0, new byte[] {0, (byte) value}, 100);
        byte[] pixels = picture(file).pixels().pixels();
        for (int i = 0; i < grays.length; i++) {
            assertThat(pixels[i] & 0xFF).isEqualTo(Integer.parseInt(grays[i]));
        }
    }

    @Test
    void sixteenBitsWithoutWindowAreRefused() {
        for (String format : new String[] {"png", "tiff"}) {
            Quarantined refused = quarantined(Pictures.file(Pictures.gray16(40, 30), format));
            assertThat(refused.reason()).isEqualTo(QuarantineReason.SIXTEEN_BIT);
            assertThat(refused.detail())
                    .isEqualTo("16-bit picture with no window; expected 8-bit gray"
                            + " (pass --window 0:4095, --full-range, or ingest the DICOM file)");
        }
    }

    @Test
    void sixteenBitsAreScaledAsAsked() {
        for (String format : new String[] {"png", "tiff"}) {
            byte[] file = Pictures.file(Pictures.gray16(40, 30), format);
            Picture full =
                    (Picture) Decoder.strict().with(new Scaling.FullRange()).decode(file);
            assertThat(full.pixels().at(3, 5)).as(format).isEqualTo(8);
            assertThat(full.bits()).isEqualTo(16);
            Picture window = (Picture)
                    Decoder.strict().with(new Scaling.Window(100, 5240)).decode(file);
            assertThat(window.pixels().at(0, 0)).isZero();
            assertThat(window.pixels().at(5, 5)).isEqualTo(128);
            assertThat(window.pixels().at(10, 10)).isEqualTo(255);
            assertThat(window.pixels().at(29, 39)).isEqualTo(255);
        }
    }

    @Test
    void grayJpegKeepsItsSamples() {
        byte[] file = Pictures.file(Pictures.gray(NOISE), "jpeg");
        assertThat(picture(file).pixels().pixels()).isEqualTo(Pictures.imageIoGray(file));
        assertThat(picture(file).exact()).isTrue();
    }

    @Test
    void grayTiffIsReadAndEncodedAnew() {
        Picture picture = picture(Pictures.file(Pictures.gray(NOISE), "tiff"));
        assertThat(picture.pixels()).isEqualTo(NOISE);
        assertThat(picture.exact()).isFalse();
    }

    @Test
    void anEmptyFileIsNamedSo() {
        assertThat(quarantined(new byte[0]))
                .isEqualTo(new Quarantined(QuarantineReason.EMPTY_FILE, "the file has no bytes (copy it again)"));
    }

    @Test
    void textUnderAPictureNameIsNoImage() {
        Quarantined refused = quarantined("not a picture".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(refused.reason()).isEqualTo(QuarantineReason.NOT_AN_IMAGE);
        assertThat(refused.detail()).contains("first bytes: 6e 6f 74 20 61 20 70 69");
    }

    @Test
    void aFileCutAnywhereNeverPassesAsAPicture() {
        for (String format : new String[] {"png", "jpeg", "tiff"}) {
            byte[] whole = Pictures.file(Pictures.gray(NOISE), format);
            int sure = format.equals("tiff") ? whole.length / 2 : whole.length - 1;
            for (int length = 12; length <= sure; length += 7) {
                Decoded decoded = Decoder.strict().decode(Arrays.copyOf(whole, length));
                assertThat(decoded).as("%s cut to %d", format, length).isInstanceOf(Quarantined.class);
            }
        }
    }

    @Test
    void aCutPngAndACutJpegAreTruncated() {
        for (String format : new String[] {"png", "jpeg"}) {
            byte[] whole = Pictures.file(Pictures.gray(NOISE), format);
            assertThat(quarantined(Arrays.copyOf(whole, whole.length * 2 / 3)).reason())
                    .as(format)
                    .isEqualTo(QuarantineReason.TRUNCATED);
        }
    }

    @Test
    void aFlippedByteInAPngIsFound() {
        byte[] file = Pictures.pngWithFilter(NOISE, 4);
        file[file.length / 2] ^= 0x10;
        Quarantined refused = quarantined(file);
        assertThat(refused.reason()).isEqualTo(QuarantineReason.CORRUPT);
        assertThat(refused.detail()).contains("fails its checksum");
    }

    @Test
    void aDecompressionBombIsRefusedByItsHeader() {
        byte[] png = Pictures.png(60_000, 60_000, 8, 0, new byte[1000], 100);
        assertThat(quarantined(png).reason()).isEqualTo(QuarantineReason.TOO_MANY_PIXELS);
        assertThat(quarantined(png).detail()).contains("60000 x 60000 pixels; at most 100000000");
        byte[] row = Pictures.png(50_000_000, 1, 8, 6, new byte[1000], 100);
        assertThat(quarantined(row).reason()).isEqualTo(QuarantineReason.TOO_MANY_PIXELS);
        assertThat(quarantined(row).detail()).contains("PNG rows of 50000000 pixels");
        byte[] jpeg = Pictures.file(Pictures.gray(NOISE), "jpeg");
        Decoded refused = new Decoder(new Scaling.Refuse(), 1000).decode(jpeg);
        assertThat(((Quarantined) refused).reason()).isEqualTo(QuarantineReason.TOO_MANY_PIXELS);
    }

    @Test
    void aPngWithFewerRowsThanItsHeaderSaysIsCorrupt() {
        Quarantined refused = quarantined(Pictures.png(10, 10, 8, 0, new byte[55], 100));
        assertThat(refused.detail()).isEqualTo("PNG holds fewer pixels than its header says");
    }

    @Test
    void impossibleHeadersAreCorrupt() {
        assertThat(quarantined(Pictures.png(10, 10, 3, 0, new byte[55], 100)).detail())
                .isEqualTo("PNG header with impossible values");
        assertThat(quarantined(Pictures.png(0, 10, 8, 0, new byte[55], 100)).reason())
                .isEqualTo(QuarantineReason.CORRUPT);
    }

    @Test
    void oneDecoderServesManyFilesAfterABadOne() {
        byte[] good = Pictures.file(Pictures.gray(NOISE), "jpeg");
        quarantined(Arrays.copyOf(good, good.length / 2));
        assertThat(Decoder.strict().decode(good)).isInstanceOf(Picture.class);
    }

    @Test
    void storedPicturesCarryNoText() {
        byte[] png = Pictures.pngWithFilter(NOISE, 2);
        byte[] stored = PictureBytes.of(png, picture(png));
        assertThat(new String(png, java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("Marker Name");
        assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("Marker");
        assertThat(PictureBytes.decode(stored)).isEqualTo(NOISE);

        byte[] jpeg = jpegWithText();
        byte[] storedJpeg = PictureBytes.of(jpeg, picture(jpeg));
        assertThat(new String(jpeg, java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("MARKER");
        assertThat(new String(storedJpeg, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("MARKER");
        assertThat(PictureBytes.decode(storedJpeg)).isEqualTo(picture(jpeg).pixels());
    }

    @Test
    void aFileWithoutTextIsStoredByteForByte() {
        byte[] png = PngWriter.write(NOISE);
        assertThat(PictureBytes.of(png, picture(png))).isSameAs(png);
        byte[] jpeg = Pictures.file(Pictures.gray(NOISE), "jpeg");
        assertThat(PictureBytes.of(jpeg, picture(jpeg))).isEqualTo(jpeg);
    }

    @Test
    void whatIsNotGrayIsStoredAsGrayPng() {
        byte[] file = Pictures.file(Pictures.rgb(33, 19, BufferedImage.TYPE_INT_RGB), "jpeg");
        byte[] stored = PictureBytes.of(file, picture(file));
        assertThat(PictureBytes.decode(stored)).isEqualTo(picture(file).pixels());
        assertThat(Decoder.strict().decode(stored)).extracting("exact").isEqualTo(true);
    }

    @Test
    void writtenColoursAreReadBackByImageIo() {
        BufferedImage colours = Pictures.rgb(33, 19, BufferedImage.TYPE_INT_RGB);
        byte[] samples = new byte[33 * 19 * 3];
        for (int i = 0; i < 33 * 19; i++) {
            int rgb = colours.getRGB(i % 33, i / 33);
            samples[3 * i] = (byte) (rgb >> 16);
            samples[3 * i + 1] = (byte) (rgb >> 8);
            samples[3 * i + 2] = (byte) rgb;
        }
        assertThat(Pictures.imageIoLuma(PngWriter.write(new Rgb8(33, 19, samples))))
                .isEqualTo(Pictures.imageIoLuma(Pictures.file(colours, "png")));
    }

    /** A JPEG with a comment, an EXIF-like segment and bytes after its end. */
    private static byte[] jpegWithText() {
        byte[] plain = Pictures.file(Pictures.gray(NOISE), "jpeg");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(plain, 0, 2);
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, 8, 'M', 'A', 'R', 'K', 'E', 'R'});
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 8, 'M', 'A', 'R', 'K', 'E', 'R'});
        out.write(plain, 2, plain.length - 2);
        out.writeBytes(new byte[] {'M', 'A', 'R', 'K', 'E', 'R'});
        return out.toByteArray();
    }

    private static Picture picture(byte[] file) {
        return Decoder.strict().decode(file).fold(picture -> picture, refused -> {
            throw new AssertionError(refused);
        });
    }

    private static Quarantined quarantined(byte[] file) {
        return Decoder.strict()
                .decode(file)
                .fold(
                        picture -> {
                            throw new AssertionError("decoded: " + picture);
                        },
                        refused -> refused);
    }
}
