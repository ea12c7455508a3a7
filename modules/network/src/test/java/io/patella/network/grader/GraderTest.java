package io.patella.network.grader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.network.architecture.Layers;
import io.patella.network.program.ProgramModule;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraderTest {
    @Test
    void klFuseNetHasThePapersParts() {
        Grader grader = Graders.byName("kl-fusenet");
        assertThat(grader.views()).containsExactly("global", "left", "right");
        assertThat(grader.features()).isEqualTo(1024 + 2 * 2048);
        ProgramModule program = grader.program(Layers.plain());
        assertThat(program.tensors().get("head_ordinal.weight").shape()).containsExactly(4, 5120);
        assertThat(program.tensors().get("head_distribution.weight").shape()).containsExactly(5, 5120);
        assertThat(program.tensors().get("head_binary.weight").shape()).containsExactly(1, 5120);
        assertThat(program.parameters()).containsKeys("gem_global.p", "gem_left.p", "gem_right.p");
        assertThat(program.tensors().keySet()).noneMatch(name -> name.contains("head.norm"));
    }

    @Test
    void headsAndPoolingFormTheHeadsGroup() {
        List<String> heads = Graders.byName("kl-fusenet").program(Layers.plain()).parameters().keySet().stream()
                .filter(name -> !Grader.isBackbone(name))
                .toList();
        assertThat(heads)
                .containsExactly(
                        "gem_global.p",
                        "gem_left.p",
                        "gem_right.p",
                        "head_ordinal.weight",
                        "head_ordinal.bias",
                        "head_distribution.weight",
                        "head_distribution.bias",
                        "head_binary.weight",
                        "head_binary.bias");
    }

    @Test
    void mergedScaleHasThreeThresholdsAndFourClasses() {
        Grader grader = Graders.byName("dualhead-4c");
        ProgramModule program = grader.program(Layers.plain());
        assertThat(program.tensors().get("head_ordinal.weight").shape()).containsExactly(3, 5120);
        assertThat(program.tensors().get("head_classes.weight").shape()).containsExactly(4, 5120);
        assertThat(List.of(0, 1, 2, 3, 4)).extracting(grader.scale()::classOf).containsExactly(0, 0, 1, 2, 3);
    }

    @Test
    void everyGraderSurvivesTheWayThroughJson() throws IOException {
        for (String name : Graders.names()) {
            Grader grader = Graders.byName(name);
            Grader read = Grader.parse(new ObjectMapper().readTree(grader.json().toString()), "bundle.json");
            assertThat(read).isEqualTo(grader);
        }
    }

    @Test
    void unknownKeysAndWordsAreRefused() throws IOException {
        ObjectMapper json = new ObjectMapper();
        assertThatThrownBy(() -> Grader.parse(json.readTree("{\"backbone\":1}"), "g.json"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("g.json: unknown key of a grader: backbone");
        assertThatThrownBy(
                        () -> Grader.parse(Graders.byName("kl-fusenet").json().put("pooling", "max"), "g.json"))
                .hasMessageContaining("unknown pooling: max");
        assertThatThrownBy(() -> Graders.byName("kl-fusnet")).hasMessageContaining("kl-fusenet");
    }
}
