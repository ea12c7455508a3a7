package io.patella.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.network.weights.SafetensorsWriter;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WeightsCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void inspectListsTensorsAndCountsWhatIsNotFinite() throws IOException {
        Path file = folder.resolve("w.safetensors");
        SafetensorsWriter.write(
                file, Map.of("fc.weight", Tensor.of(new float[] {1, Float.NaN}, 1, 2)), Map.of("licence", "MIT"));

        assertThat(run("weights", "inspect", file.toString())).isEqualTo(Patella.DONE);
        assertThat(out.toString())
                .contains("fc.weight  F32   [1, 2]         2      8           1")
                .contains("1 tensors, 2 elements")
                .contains("1 NOT FINITE")
                .contains("licence: MIT");
    }

    @Test
    void inspectAnswersWithOneJsonObject() throws IOException {
        Path file = folder.resolve("w.safetensors");
        SafetensorsWriter.write(file, Map.of("fc.weight", Tensor.of(new float[] {1, 2}, 1, 2)));

        assertThat(run("weights", "inspect", "--json", file.toString())).isEqualTo(Patella.DONE);
        JsonNode answer = new ObjectMapper().readTree(out.toString());
        assertThat(answer.at("/tensors/0/dtype").asText()).isEqualTo("F32");
        assertThat(answer.at("/tensors/0/shape").toString()).isEqualTo("[1,2]");
        assertThat(answer.at("/not_finite").asLong()).isZero();
    }

    @Test
    void aPickleIsBadInputInOneLine() throws IOException {
        Path file = folder.resolve("model.pth");
        Files.write(file, new byte[] {(byte) 0x80, 2, '}', 'q', 0, '.', 0, 0, 0, 0});
        assertThat(run("weights", "inspect", file.toString())).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("is a pickle").hasLineCount(1);
    }

    @Test
    void checkComparesWithANamedArchitectureAndEndsWithTwo() throws IOException {
        Path file = folder.resolve("w.safetensors");
        SafetensorsWriter.write(file, Map.of("conv1.weight", Tensor.of(new float[3], 1, 3)));

        assertThat(run("weights", "check", "--arch", "resnet18", "--json", file.toString()))
                .isEqualTo(Patella.BAD_INPUT);
        JsonNode answer = new ObjectMapper().readTree(out.toString());
        assertThat(answer.at("/fits").asBoolean()).isFalse();
        assertThat(answer.at("/counts/misshaped").asInt()).isEqualTo(1);
        assertThat(answer.at("/counts/missing").asInt()).isEqualTo(99);
        assertThat(answer.at("/findings/0").toString())
                .isEqualTo(
                        "{\"tensor\":\"conv1.weight\",\"fault\":\"misshaped\",\"expected\":\"F32 [64, 3, 7, 7]\",\"found\":\"F32 [1, 3]\"}");
    }

    @Test
    void checkSaysWhenEverythingFits() {
        Path golden = Path.of(System.getProperty("patella.root"), "modules/engine/src/test/resources/golden/models");
        assertThat(run(
                        "weights",
                        "check",
                        "--config",
                        golden.resolve("dinov3.json").toString(),
                        golden.resolve("dinov3.safetensors").toString()))
                .as(err.toString())
                .isEqualTo(Patella.DONE);
        assertThat(out.toString()).contains("every tensor of timm.models.eva.Eva is there and fits");
    }

    private int run(String... arguments) {
        CommandLine line = Patella.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
