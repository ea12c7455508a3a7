package io.patella.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.imaging.PngWriter;
import io.patella.jobs.job.TinyBundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GradeCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path bundle;
    private Path knee;
    private Path blank;

    @BeforeEach
    void files() throws IOException {
        bundle = TinyBundle.writeKnowingStripes(folder);
        knee = Files.write(folder.resolve("knee.png"), PngWriter.write(TinyBundle.stripes(62)));
        blank = Files.write(folder.resolve("blank.png"), PngWriter.write(TinyBundle.blank()));
    }

    private int grade(Object... arguments) {
        out.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("grade", "--bundle", bundle.toString(), "--mode", "cpu-f32"));
        for (Object each : arguments) {
            all.add(each.toString());
        }
        CommandLine line = Patella.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(all.toArray(String[]::new));
    }

    @Test
    void aPictureThatIsNoKneeIsGradedAndFlaggedWithAReason() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");
        assertThat(grade(knee, blank, broken, "--json")).isEqualTo(Patella.FAILED);
        List<JsonNode> lines = new ArrayList<>();
        for (String each : out.toString().lines().toList()) {
            lines.add(new ObjectMapper().readTree(each));
        }
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).path("flag").isNull()).isTrue();
        assertThat(lines.get(0).path("atypicality").asDouble()).isPositive();
        assertThat(lines.get(1).path("grade").isInt()).isTrue();
        assertThat(lines.get(1).path("flag").path("reason").asText()).isEqualTo("BLANK");
        assertThat(lines.get(1).path("flag").path("detail").asText()).contains("standard deviation 0.0 gray levels");
        assertThat(lines.get(2).path("error").path("reason").asText()).isEqualTo("NOT_AN_IMAGE");
        assertThat(grade(knee, blank)).isEqualTo(Patella.DONE);
        assertThat(out.toString()).contains("knee.png: KL").contains("do not believe it: BLANK, nearly one gray");
    }

    @Test
    void heatmapsAreNamedAfterTheirFiles() throws IOException {
        Path maps = folder.resolve("maps");
        assertThat(grade(knee, "--heatmap", maps)).isEqualTo(Patella.DONE);
        for (String each : List.of("knee.png", "knee-left.png", "knee-right.png")) {
            assertThat(maps.resolve(each)).exists();
        }
        assertThat(grade(knee, "--heatmap", folder)).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("an overlay would overwrite its picture");
        Path other =
                Files.copy(knee, Files.createDirectory(folder.resolve("other")).resolve("knee.png"));
        assertThat(grade(knee, other, "--heatmap", maps)).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("two files have the same name");
    }
}
