package io.patella.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PrepareCommandTest {
    private static final Path MODULES = Path.of(System.getProperty("patella.root"), "modules");
    private static final Path IMAGES = MODULES.resolve("imaging/src/test/resources/preprocess/images");
    private static final Path GOLDEN = MODULES.resolve("engine/src/test/resources/golden/preprocess");

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"tall_133x59", "black_top_bottom", "odd_101x77"})
    void boxAndTensorsAreWhatTorchvisionGives(String picture) throws IOException {
        JsonNode facts = new ObjectMapper()
                .readTree(GOLDEN.resolve("boxes.json").toFile())
                .at("/pictures/" + picture);
        Path out = folder.resolve("out.safetensors");

        assertThat(run(
                        "--image",
                        IMAGES.resolve(picture + ".png").toString(),
                        "--out",
                        out.toString(),
                        "--size",
                        facts.get("target").asText()))
                .as(err.toString())
                .isEqualTo(Patella.DONE);

        Map<String, Tensor> found = SafetensorsReader.read(out);
        assertThat(found.keySet()).containsExactlyInAnyOrder("box", "global", "left", "right");
        List<Float> box = new ArrayList<>();
        facts.get("top_bottom_left_right").forEach(edge -> box.add((float) edge.asInt()));
        assertThat(found.get("box").toFloats()).containsExactly(box.toArray(new Float[0]));
        Tensor expected =
                SafetensorsReader.read(GOLDEN.resolve("resize.safetensors")).get(picture + "/normalised_torch_f32");
        assertThat(found.get("global").shape()).isEqualTo(expected.shape());
        float[] a = found.get("global").toFloats();
        float[] b = expected.toFloats();
        for (int i = 0; i < a.length; i++) {
            assertThat(Math.abs(a[i] - b[i])).isLessThanOrEqualTo(3e-5f);
        }
    }

    @Test
    void barsStayWhereTheyAreWanted() throws IOException {
        Path out = folder.resolve("out.safetensors");
        Path image = IMAGES.resolve("black_top_bottom.png");
        assertThat(run(
                        "--image",
                        image.toString(),
                        "--out",
                        out.toString(),
                        "--no-deletterbox",
                        "--interpolation",
                        "bicubic"))
                .as(err.toString())
                .isEqualTo(Patella.DONE);
        float[] box = SafetensorsReader.read(out).get("box").toFloats();
        assertThat(box[0]).isZero();
        assertThat(box[2]).isZero();
        assertThat(SafetensorsReader.read(out).get("left").shape()).containsExactly(3, 224, 224);
    }

    @Test
    void aFileThatIsNoPictureIsNamedWithItsReason() throws IOException {
        Path image = Files.writeString(folder.resolve("notes.png"), "no picture");
        assertThat(run("--image", image.toString(), "--out", folder.resolve("o").toString()))
                .isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("NOT_AN_IMAGE").hasLineCount(1);
        assertThat(folder.resolve("o")).doesNotExist();
    }

    private int run(String... options) {
        List<String> arguments = new ArrayList<>(List.of("prepare"));
        arguments.addAll(List.of(options));
        CommandLine line = Patella.commandLine();
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments.toArray(new String[0]));
    }
}
