package io.patella.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.network.preparation.Preparation;
import io.patella.network.preparation.PreparationModule;
import io.patella.network.program.ProgramArchive;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The preparation program against torchvision's answers; tolerances as stated beside them. */
class PreparationGoldenTest {
    @TempDir
    Path folder;

    private Program program(Preparation preparation) {
        Path file = folder.resolve(preparation.hash().substring(7, 20) + ".pt");
        ProgramArchive.write(PreparationModule.of(preparation), file, Map.of());
        return Program.open(file, Device.CPU, 1);
    }

    @Test
    void resizeHalvesAndNormalisationEqualTorchvision() throws Exception {
        Map<String, Tensor> golden = SafetensorsReader.read(resource("resize.safetensors"));
        JsonNode boxes =
                new ObjectMapper().readTree(resource("boxes.json").toFile()).get("pictures");
        int compared = 0;
        for (String picture : pictures(golden)) {
            JsonNode box = boxes.get(picture).get("top_bottom_left_right");
            Preparation bilinear =
                    Preparation.standard(boxes.get(picture).get("target").asInt());
            Preparation bicubic = new Preparation(
                    bilinear.letterbox(),
                    bilinear.size(),
                    Preparation.Interpolation.BICUBIC,
                    bilinear.exposure(),
                    bilinear.mean(),
                    bilinear.std(),
                    bilinear.views(),
                    bilinear.average());
            Value crop = Value.of(crop(golden.get(picture + "/image"), box));
            try (Program program = program(bilinear);
                    Program cubic = program(bicubic)) {
                Tensor square = program.call("squares", crop).asTensor();
                compared += compare(golden, picture + "/torch_bilinear_f32", square.toFloats(), 6e-6);
                compared += compare(
                        golden,
                        picture + "/torch_bicubic_f32",
                        cubic.call("squares", crop).asTensor().toFloats(),
                        6e-6);
                List<Value> views = program.call("cut", Value.of(square)).asList();
                compared += compare(
                        golden,
                        picture + "/normalised_torch_f32",
                        views.get(0).asTensor().toFloats(),
                        3e-5);
                for (int i = 1; i < 3; i++) {
                    compared += compare(
                            golden,
                            picture + (i == 1 ? "/left_torch_f32" : "/right_torch_f32"),
                            firstChannel(views.get(i).asTensor()),
                            6e-6);
                }
            }
        }
        assertThat(compared).as("tensors compared").isGreaterThan(28);
    }

    @Test
    void testTimeViewsEqualTorchvisionWithoutFill() throws Exception {
        Map<String, Tensor> golden = SafetensorsReader.read(resource("tta.safetensors"));
        String[] names = {"identity", "flip", "rot+3", "rot-3", "rot+5", "rot-5", "rot+7", "rot-7"};
        int compared = 0;
        try (Program program = program(Preparation.standard(224).with(Preparation.Views.EIGHT))) {
            for (String picture : pictures(golden)) {
                Tensor identity = golden.get(picture + "/identity/torch_f32");
                long h = identity.shape()[0];
                long w = identity.shape()[1];
                Tensor views = program.call(
                                "views",
                                Value.of(new Tensor(ElementType.F32, new long[] {1, 1, h, w}, identity.bytes())))
                        .asTensor();
                float[] all = views.toFloats();
                int one = (int) (h * w);
                for (int i = 0; i < names.length; i++) {
                    float[] view = java.util.Arrays.copyOfRange(all, i * one, (i + 1) * one);
                    String key = picture + "/" + names[i] + (i < 2 ? "/torch_f32" : "/torch_fill_none_f32");
                    compared += compare(golden, key, view, 5e-5);
                }
            }
        }
        assertThat(compared).as("views compared").isEqualTo(22);
    }

    @Test
    void flippingSwapsTheHalves() {
        float[] values = new float[32 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 37 % 101) / 100f;
        }
        try (Program program = program(Preparation.standard(32).with(Preparation.Views.FOUR))) {
            Value square = Value.of(Tensor.of(values, 1, 1, 32, 32));
            List<Value> cut = program.call("cut", program.call("views", square)).asList();
            float[] left = slice(cut.get(1).asTensor(), 0);
            float[] rightOfFlipped = slice(cut.get(2).asTensor(), 1);
            for (int row = 0; row < 32; row++) {
                for (int column = 0; column < 32; column++) {
                    assertThat(rightOfFlipped[row * 32 + column])
                            .isCloseTo(left[row * 32 + 31 - column], within(1e-5f));
                }
            }
        }
    }

    @Test
    void picturesOfSeveralSizesComeOutInTheirOrder() {
        try (Program program = program(Preparation.standard(48).with(Preparation.Views.EIGHT))) {
            Tensor small = picture(2, 40, 30, 1);
            Tensor large = picture(1, 64, 90, 7);
            List<Value> together =
                    program.call("prepare", Value.list(small, large)).asList();
            List<Value> alone = program.call("prepare", Value.list(large)).asList();
            assertThat(together.get(2).asTensor().shape()).containsExactly(8 * 3, 3, 48, 48);
            for (int view = 0; view < 8; view++) {
                for (int i = 0; i < 3; i++) {
                    assertThat(slice(together.get(i).asTensor(), view * 3 + 2))
                            .isEqualTo(slice(alone.get(i).asTensor(), view));
                }
            }
        }
    }

    @Test
    void cachedSquaresAreTheRoundedSquares() {
        try (Program program = program(Preparation.standard(48))) {
            Tensor pictures = picture(3, 70, 70, 5);
            float[] exact =
                    program.call("squares", Value.of(pictures)).asTensor().toFloats();
            Tensor bytes = program.call("bytes", Value.list(pictures)).asTensor();
            assertThat(bytes.type()).isEqualTo(ElementType.U8);
            assertThat(bytes.shape()).containsExactly(3, 48, 48);
            float[] rounded = bytes.toFloats();
            for (int i = 0; i < exact.length; i++) {
                assertThat(rounded[i]).isCloseTo(exact[i] * 255, within(0.5001f));
            }
        }
    }

    private static Tensor picture(int n, int h, int w, int seed) {
        byte[] pixels = new byte[n * h * w];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31 + i / w * seed * 17);
        }
        return new Tensor(ElementType.U8, new long[] {n, h, w}, ByteBuffer.wrap(pixels));
    }

    private static float[] slice(Tensor tensor, int i) {
        int one = (int) (tensor.elements() / tensor.shape()[0]);
        return java.util.Arrays.copyOfRange(tensor.toFloats(), i * one, (i + 1) * one);
    }

    /** The gray square back from its first normalised channel. */
    private static float[] firstChannel(Tensor normalised) {
        float[] gray = new float[(int) (normalised.shape()[2] * normalised.shape()[3])];
        float[] all = normalised.toFloats();
        for (int i = 0; i < gray.length; i++) {
            gray[i] = all[i] * 0.229f + 0.485f;
        }
        return gray;
    }

    static int compare(Map<String, Tensor> golden, String key, float[] ours, double tolerance) {
        Tensor expected = golden.get(key);
        if (expected == null) {
            return 0;
        }
        float[] theirs = expected.toFloats();
        assertThat(ours).as(key).hasSameSizeAs(theirs);
        double worst = 0;
        for (int i = 0; i < theirs.length; i++) {
            worst = Math.max(worst, Math.abs((double) theirs[i] - ours[i]));
        }
        assertThat(worst).as(key).isLessThanOrEqualTo(tolerance);
        return 1;
    }

    private static Tensor crop(Tensor image, JsonNode box) {
        int top = box.get(0).asInt();
        int h = box.get(1).asInt() - top;
        int left = box.get(2).asInt();
        int w = box.get(3).asInt() - left;
        byte[] pixels = new byte[h * w];
        for (int row = 0; row < h; row++) {
            for (int column = 0; column < w; column++) {
                pixels[row * w + column] = image.bytes().get((int) ((row + top) * image.shape()[1] + left + column));
            }
        }
        return new Tensor(ElementType.U8, new long[] {1, h, w}, ByteBuffer.wrap(pixels));
    }

    private static Set<String> pictures(Map<String, Tensor> golden) {
        Set<String> names = new TreeSet<>();
        golden.keySet().forEach(key -> names.add(key.substring(0, key.indexOf('/'))));
        return names;
    }

    static Path resource(String name) throws IOException {
        try {
            Path file = Path.of(
                    Objects.requireNonNull(PreparationGoldenTest.class.getResource("/golden/preprocess/" + name), name)
                            .toURI());
            assertThat(Files.isRegularFile(file)).isTrue();
            return file;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    @Test
    void standardisedExposureForgetsBrightnessAndContrastAndKeepsABlankPictureFlat() {
        Preparation standardised = Preparation.standard(16)
                .with(Preparation.Exposure.STANDARDISE)
                .normalised(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        float[] squares = new float[3 * 256];
        for (int i = 0; i < 256; i++) {
            squares[i] = (i * 37 % 256) / 255f;
            squares[256 + i] = 0.8f + 0.2f * squares[i]; // the same knee, over-exposed
            squares[512 + i] = 0.7f;
        }
        try (Program program = program(standardised)) {
            float[] seen = program.call("exposed", Value.of(Tensor.of(squares, 3, 1, 16, 16)))
                    .asTensor()
                    .toFloats();
            double sum = 0;
            double squared = 0;
            for (int i = 0; i < 256; i++) {
                sum += seen[i];
                squared += seen[i] * seen[i];
                assertThat(seen[256 + i]).as("over-exposed " + i).isCloseTo(seen[i], within(1e-4f));
                assertThat(seen[512 + i]).as("blank " + i).isCloseTo(0.5f, within(1e-4f));
            }
            double mean = sum / 256;
            assertThat(mean).isCloseTo(0.5, within(1e-5));
            assertThat(Math.sqrt(squared / 256 - mean * mean)).isCloseTo(0.25, within(1e-5));
        }
    }
}
