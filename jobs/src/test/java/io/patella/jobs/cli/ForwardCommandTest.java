package io.patella.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.SafetensorsWriter;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ForwardCommandTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("patella.root"), "modules/engine/src/test/resources/golden/models");

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "convnext_b_odd",
                "convnextv2_grn",
                "resnet_bottleneck",
                "mobilenetv2",
                "efficientnet_b0",
                "nfnet_dm",
                "vit_biomedclip_tower",
                "dinov2_noreg",
                "dinov3"
            })
    void everyOutputOfEveryInputIsTimms(String model) throws IOException {
        Path out = folder.resolve("out.safetensors");

        assertThat(run(model, GOLDEN.resolve(model + ".safetensors"), GOLDEN.resolve(model + ".io.safetensors"), out))
                .as(err.toString())
                .isEqualTo(Patella.DONE);

        JsonNode tolerance = new ObjectMapper()
                .readTree(GOLDEN.resolve(model + ".json").toFile())
                .get("tolerance");
        Map<String, Tensor> golden = SafetensorsReader.read(GOLDEN.resolve(model + ".io.safetensors"));
        golden.keySet().removeIf(name -> name.endsWith("input"));
        Map<String, Tensor> found = SafetensorsReader.read(out);
        assertThat(found.keySet()).isEqualTo(golden.keySet());
        golden.forEach((name, expected) -> {
            assertThat(found.get(name).shape()).isEqualTo(expected.shape());
            float[] a = found.get(name).toFloats();
            float[] b = expected.toFloats();
            for (int i = 0; i < a.length; i++) {
                assertThat(Math.abs((double) a[i] - b[i]))
                        .as("%s %d", name, i)
                        .isLessThanOrEqualTo(tolerance.get(name).get("atol").asDouble());
            }
        });
    }

    @Test
    void aGraderTakesThreeViewsAndGivesStreamsAndHeads() throws IOException {
        Path fusenet = GOLDEN.resolveSibling("fusenet");
        Path out = folder.resolve("out.safetensors");
        int code = line().execute(
                        "forward",
                        "--config",
                        fusenet.resolve("config.json").toString(),
                        "--weights",
                        fusenet.resolve("weights.safetensors").toString(),
                        "--input",
                        fusenet.resolve("input.safetensors").toString(),
                        "--out",
                        out.toString());
        assertThat(code).as(err.toString()).isEqualTo(Patella.DONE);

        JsonNode tolerance = new ObjectMapper()
                .readTree(fusenet.resolve("config.json").toFile())
                .get("tolerance_eval");
        Map<String, Tensor> golden = SafetensorsReader.read(fusenet.resolve("eval.safetensors"));
        Map<String, Tensor> found = SafetensorsReader.read(out);
        for (String name :
                List.of("gem_global", "gem_left", "gem_right", "fused", "ordinal", "distribution", "binary")) {
            float[] a = found.get(name).toFloats();
            float[] b = golden.get(name).toFloats();
            assertThat(a).hasSameSizeAs(b);
            for (int i = 0; i < a.length; i++) {
                assertThat(Math.abs((double) a[i] - b[i]))
                        .as("%s %d", name, i)
                        .isLessThanOrEqualTo(tolerance.get(name).get("atol").asDouble());
            }
        }
    }

    @Test
    void weightsThatDoNotFitAreNamedWithWhatWasExpected() throws IOException {
        Path weights = folder.resolve("weights.safetensors");
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(SafetensorsReader.read(GOLDEN.resolve("resnet_bottleneck.safetensors")));
        tensors.put("conv1.weight", Tensor.of(new float[27], 1, 3, 3, 3));
        tensors.remove("bn1.bias");
        SafetensorsWriter.write(weights, tensors);

        assertThat(run(
                        "resnet_bottleneck",
                        weights,
                        GOLDEN.resolve("resnet_bottleneck.io.safetensors"),
                        folder.resolve("out")))
                .isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString())
                .contains("missing: bn1.bias (expected F32 [64], found -)")
                .contains("misshaped: conv1.weight (expected F32 [64, 3, 7, 7], found F32 [1, 3, 3, 3])")
                .hasLineCount(1);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void inputsThatAreNoPicturesAreRefused() throws IOException {
        Path input = folder.resolve("input.safetensors");
        Path weights = GOLDEN.resolve("dinov3.safetensors");
        SafetensorsWriter.write(input, Map.of("input", Tensor.of(new float[4], 1, 1, 2, 2)));
        assertThat(run("dinov3", weights, input, folder.resolve("out"))).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("tensor input: not pictures: F32 [1, 1, 2, 2]");

        SafetensorsWriter.write(input, Map.of("input", Tensor.of(new float[3 * 20 * 16], 1, 3, 20, 16)));
        assertThat(run("dinov3", weights, input, folder.resolve("out"))).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("no multiples of the patch, 16: [1, 3, 20, 16]");

        float[] bad = new float[3 * 16 * 16];
        bad[5] = Float.NaN;
        SafetensorsWriter.write(input, Map.of("input", Tensor.of(bad, 1, 3, 16, 16)));
        assertThat(run("dinov3", weights, input, folder.resolve("out"))).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("NaN or infinite, the first at: 5");

        SafetensorsWriter.write(input, Map.of("picture", Tensor.of(new float[1], 1)));
        assertThat(run("dinov3", weights, input, folder.resolve("out"))).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("has no tensor named input: [picture]");
    }

    @Test
    void weightsInHalfPrecisionAreWidened() throws IOException {
        Path weights = folder.resolve("half.safetensors");
        Map<String, Tensor> halves = new LinkedHashMap<>();
        SafetensorsReader.read(GOLDEN.resolve("vit_class_token.safetensors"))
                .forEach((name, tensor) -> halves.put(name, tensor.as(ElementType.F16)));
        SafetensorsWriter.write(weights, halves);
        Path out = folder.resolve("out.safetensors");

        assertThat(run("vit_class_token", weights, GOLDEN.resolve("vit_class_token.io.safetensors"), out))
                .as(err.toString())
                .isEqualTo(Patella.DONE);
        float[] found = SafetensorsReader.read(out).get("forward").toFloats();
        float[] exact = SafetensorsReader.read(GOLDEN.resolve("vit_class_token.io.safetensors"))
                .get("forward")
                .toFloats();
        for (int i = 0; i < exact.length; i++) {
            assertThat(Math.abs(found[i] - exact[i])).isLessThan(0.02f);
        }
    }

    @Test
    void argumentsThatAreNotSupportedAreNamed() throws IOException {
        Path config = folder.resolve("config.json");
        Files.writeString(
                config,
                "{\"made_by\": \"timm.models.vision_transformer.VisionTransformer\", \"config\": {\"qk_norm\": true}}");
        CommandLine line = line();
        int code =
                line.execute("forward", "--config", config.toString(), "--weights", "w", "--input", "i", "--out", "o");
        assertThat(code).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("qk_norm=true").hasLineCount(1);
    }

    private int run(String model, Path weights, Path input, Path out) {
        return line().execute(
                        "forward",
                        "--config",
                        GOLDEN.resolve(model + ".json").toString(),
                        "--weights",
                        weights.toString(),
                        "--input",
                        input.toString(),
                        "--out",
                        out.toString());
    }

    private CommandLine line() {
        CommandLine line = Patella.commandLine();
        line.setErr(new PrintWriter(err, true));
        return line;
    }
}
