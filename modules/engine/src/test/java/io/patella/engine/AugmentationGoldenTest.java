package io.patella.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.imaging.Gray8;
import io.patella.imaging.JpegWriter;
import io.patella.network.preparation.Augmentation;
import io.patella.network.preparation.AugmentationModule;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.Tensor;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The augmentation program: the paper's changes against torchvision's answers, compression against the JDK's own. */
class AugmentationGoldenTest {
    @TempDir
    Path folder;

    private Program program() {
        Path file = folder.resolve("augmentation.pt");
        ProgramArchive.write(AugmentationModule.of(Preparation.Interpolation.BILINEAR), file, Map.of());
        return Program.open(file, Device.CPU, 1);
    }

    @Test
    void augmentationWithGivenDrawsEqualsTorchvisionAfterEveryStage() throws Exception {
        Map<String, Tensor> golden = SafetensorsReader.read(PreparationGoldenTest.resource("augment.safetensors"));
        JsonNode draws = new ObjectMapper()
                .readTree(PreparationGoldenTest.resource("augment.json").toFile())
                .get("draws");
        Tensor image = Objects.requireNonNull(golden.get("image"));
        int h = (int) image.shape()[0];
        int w = (int) image.shape()[1];
        List<Augmentation.Draw> all = new ArrayList<>();
        for (JsonNode each : draws) {
            all.add(new Augmentation.Draw(
                    each.get("flip").asBoolean(),
                    each.get("angle").asDouble(),
                    each.get("i").asInt(),
                    each.get("j").asInt(),
                    each.get("h").asInt(),
                    each.get("w").asInt(),
                    each.get("brightness").asDouble(),
                    each.get("contrast").asDouble(),
                    Augmentation.Roughness.none(w)));
        }
        float[] batch = new float[all.size() * h * w];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = (image.bytes().get(i % (h * w)) & 255) / 255f;
        }
        Value x = Value.of(Tensor.of(batch, all.size(), 1, h, w));
        List<Tensor> tensors = Augmentation.tensors(all);
        Value reals = Value.of(tensors.get(0));
        Value wholes = Value.of(tensors.get(1));
        try (Program program = program()) {
            Value turned = program.call("turned", x, reals, wholes);
            Value cropped = program.call("cropped", turned, wholes);
            Value brightened = program.call("brightened", cropped, reals);
            Value contrasted = program.call("contrasted", brightened, reals);
            compareAll(golden, "/after_rotation_torch_f32", turned);
            compareAll(golden, "/after_crop_torch_f32", cropped);
            compareAll(golden, "/after_brightness_torch_f32", brightened);
            compareAll(golden, "/after_contrast_torch_f32", contrasted);
            assertThat(program.call("augment", x, reals, wholes).asTensor().bytes())
                    .isEqualTo(contrasted.asTensor().bytes());
        }
    }

    private static void compareAll(Map<String, Tensor> golden, String stage, Value ours) {
        float[] all = ours.asTensor().toFloats();
        int one = all.length / 4;
        for (int i = 0; i < 4; i++) {
            assertThat(PreparationGoldenTest.compare(
                            golden, i + stage, Arrays.copyOfRange(all, i * one, (i + 1) * one), 5e-5))
                    .isEqualTo(1);
        }
    }

    private static float[] augmented(Program program, float[] square, Augmentation.Draw draw) {
        int side = (int) Math.sqrt(square.length);
        List<Tensor> draws = Augmentation.tensors(List.of(draw));
        return program.call(
                        "augment",
                        Value.of(Tensor.of(square, 1, 1, side, side)),
                        Value.of(draws.get(0)),
                        Value.of(draws.get(1)))
                .asTensor()
                .toFloats();
    }

    private static Augmentation.Draw rough(int side, UnaryOperator<Augmentation.Roughness> change) {
        return new Augmentation.Draw(false, 0, 0, 0, side, side, 1, 1, change.apply(Augmentation.Roughness.none(side)));
    }

    /** Smooth waves and an edge: something that compression and coarsening change. */
    private static float[] picture(int side) {
        float[] square = new float[side * side];
        for (int i = 0; i < square.length; i++) {
            int row = i / side;
            int column = i % side;
            double wave = 0.5 + 0.2 * Math.sin(row * 0.7) * Math.cos(column * 0.4) + (column > side / 3 ? 0.2 : -0.2);
            square[i] = Math.round(255 * wave) / 255f;
        }
        return square;
    }

    @Test
    void inversionTurnsBlackToWhiteAndNothingElse() {
        float[] square = picture(16);
        try (Program program = program()) {
            float[] same = augmented(program, square, rough(16, none -> none));
            float[] inverted =
                    augmented(program, square, rough(16, none -> new Augmentation.Roughness(true, 1, 16, 1, 0, 0, 0)));
            for (int i = 0; i < square.length; i++) {
                assertThat(same[i]).as("pixel " + i).isCloseTo(square[i], within(1e-5f));
                assertThat(inverted[i]).as("pixel " + i).isCloseTo(1 - square[i], within(1e-5f));
            }
        }
    }

    @Test
    void gammaIsAPowerOfTheGray() {
        float[] square = picture(16);
        try (Program program = program()) {
            float[] seen =
                    augmented(program, square, rough(16, none -> new Augmentation.Roughness(false, 2, 16, 1, 0, 0, 0)));
            for (int i = 0; i < square.length; i++) {
                assertThat(seen[i]).as("pixel " + i).isCloseTo(square[i] * square[i], within(1e-5f));
            }
        }
    }

    @Test
    void compressionIsThatOfAJpegFile() throws Exception {
        int side = 52; // no multiple of 8: the last block is filled up
        float[] square = picture(side);
        byte[] bytes = new byte[square.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(square[i] * 255);
        }
        try (Program program = program()) {
            for (double quality : new double[] {0.2, 0.5, 0.8}) {
                byte[] file = JpegWriter.write(new Gray8(side, side, bytes), (float) quality);
                int[] decoded = new int[bytes.length];
                ImageIO.read(new ByteArrayInputStream(file)).getRaster().getSamples(0, 0, side, side, 0, decoded);
                float[] seen = augmented(
                        program,
                        square,
                        rough(side, none -> new Augmentation.Roughness(false, 1, side, quality, 0, 0, 0)));
                double apart = 0;
                double changed = 0;
                for (int i = 0; i < bytes.length; i++) {
                    boolean whole = i / side < 48 && i % side < 48; // encoders fill up a block as they like
                    apart += whole ? Math.abs(255 * seen[i] - decoded[i]) / (48 * 48) : 0;
                    changed = Math.max(changed, Math.abs(seen[i] - square[i]) * 255);
                }
                assertThat(apart).as("quality " + quality).isLessThan(0.5); // on average: integer transforms round
                assertThat(changed).as("quality " + quality).isGreaterThan(4);
            }
        }
    }

    @Test
    void coarseningLosesDetailAndKeepsTheMean() {
        int side = 32;
        float[] square = picture(side);
        try (Program program = program()) {
            float[] seen = augmented(
                    program, square, rough(side, none -> new Augmentation.Roughness(false, 1, 8, 1, 0, 0, 0)));
            assertThat(mean(seen)).isCloseTo(mean(square), within(0.01));
            assertThat(spread(seen)).isLessThan(0.9 * spread(square));
        }
    }

    @Test
    void aHoleIsFilledWithTheMean() {
        int side = 16;
        float[] square = picture(side);
        try (Program program = program()) {
            float[] seen = augmented(
                    program, square, rough(side, none -> new Augmentation.Roughness(false, 1, side, 1, 2, 5, 4)));
            for (int i = 0; i < square.length; i++) {
                boolean hole = i / side >= 2 && i / side < 6 && i % side >= 5 && i % side < 9;
                assertThat(seen[i]).as("pixel " + i).isCloseTo(hole ? (float) mean(square) : square[i], within(1e-4f));
            }
        }
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float each : values) {
            sum += each;
        }
        return sum / values.length;
    }

    private static double spread(float[] values) {
        double mean = mean(values);
        double sum = 0;
        for (float each : values) {
            sum += (each - mean) * (each - mean);
        }
        return Math.sqrt(sum / values.length);
    }
}
