package io.patella.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SplitAndConsensusCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void splitAnswersAsTheContractSays() throws IOException {
        StringBuilder csv = new StringBuilder("grade,patient_id,image_id,pixel_sha256,device\n");
        for (int i = 0; i < 20; i++) {
            csv.append(i % 5)
                    .append(",\"P,")
                    .append(i)
                    .append("\",")
                    .append(i)
                    .append("L,")
                    .append(i < 4 ? i / 2 : i)
                    .append(",X\n");
        }
        Path answer = folder.resolve("parts.csv");
        assertThat(run("split", "--images", file(csv.toString()), "--out", answer.toString(), "--json"))
                .isZero();
        assertThat(out.toString().lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("patients").toString()).isEqualTo("{\"train\":14,\"validation\":3,\"test\":3}");
        assertThat(json.get("images").toString()).isEqualTo("{\"train\":14,\"validation\":3,\"test\":3}");
        assertThat(json.get("strata")).hasSize(5);
        assertThat(json.get("linked").asInt()).isEqualTo(4);
        assertThat(json.get("seed").asLong()).isEqualTo(42);
        assertThat(Files.readAllLines(answer)).hasSize(21).startsWith("patient_id,stratum,part");
        assertThat(Files.readString(answer)).contains("\"P,3\",3,");
    }

    @Test
    void consensusAnswersAsTheContractSays() throws IOException {
        Path answer = folder.resolve("consensus.csv");
        String readings = file("image_id,reader,stage,grade\nB,r1,1,2\nB,r2,2,2\nA,r1,1,3\nA,r2,2,2\nC,r1,1,0\n");
        assertThat(run(
                        "consensus",
                        "--readings",
                        readings,
                        "--protocol",
                        "crossover",
                        "--out",
                        answer.toString(),
                        "--json"))
                .isZero();
        assertThat(Files.readString(answer))
                .isEqualTo("image_id,grade,kept,reason\nA,,false,disagreed\nB,2,true,agreed\nC,,false,stage_missing\n");
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("reasons").toString())
                .isEqualTo("{\"agreed\":1,\"disagreed\":1,\"single_reading\":0,\"several_readings\":0,"
                        + "\"stage_missing\":1,\"same_reader_in_both_stages\":0,\"read_twice_in_a_stage\":0}");
        assertThat(json.get("kept_per_grade").toString()).isEqualTo("[0,0,1,0,0]");
    }

    @Test
    void unanimityIsOfTwoReadersNotOfTwoRows() throws IOException {
        Path answer = folder.resolve("consensus.csv");
        String readings = file("image_id,reader,grade\nA,r1,3\nA,r1,3\nB,r1,2\nB,r1,2\nB,r2,2\nC,r1,1\nC,r1,2\n");
        assertThat(run("consensus", "--readings", readings, "--protocol", "unanimous", "--out", answer.toString()))
                .isZero();
        assertThat(Files.readString(answer))
                .isEqualTo(
                        "image_id,grade,kept,reason\nA,,false,single_reading\nB,2,true,agreed\nC,,false,disagreed\n");
    }

    @Test
    void badInputEndsWithTwoAndOneMessage() throws IOException {
        String duplicate = file("patient_id,image_id,grade\n1,1L,0\n1,1L,0\n");
        String target = folder.resolve("x.csv").toString();
        assertThat(run("split", "--images", duplicate, "--out", target, "--json"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("in.csv:3, column image_id: given twice: 1L");
        assertThat(out.toString()).isEmpty();
        assertThat(folder.resolve("x.csv")).doesNotExist();
        assertThat(run("split", "--images", duplicate, "--out", target, "--ratios", "70,30"))
                .isEqualTo(2);
        assertThat(run("split", "--images", duplicate)).isEqualTo(2);
        String noStage = file("image_id,reader,grade\nA,r1,1\n");
        assertThat(run("consensus", "--readings", noStage, "--protocol", "crossover", "--out", target))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no such column: stage");
        assertThat(run("consensus", "--readings", noStage, "--protocol", "vote", "--out", target))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--protocol: not a protocol: vote").doesNotContain("\tat ");
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("in.csv"), text).toString();
    }

    private int run(String... arguments) {
        CommandLine line = Patella.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
