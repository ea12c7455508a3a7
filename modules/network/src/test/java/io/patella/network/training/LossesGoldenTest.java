package io.patella.network.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.network.architecture.Layers;
import io.patella.network.grader.Graders;
import io.patella.network.grader.Head;
import io.patella.network.grader.Scale;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossesGoldenTest {
    private final JsonNode golden =
            new ObjectMapper().readTree(getClass().getResourceAsStream("/golden/units/losses.json"));

    LossesGoldenTest() throws IOException {}

    @Test
    void targetsAgree() {
        JsonNode targets = golden.path("targets");
        check(Losses.PAPER.targets(Head.ORDINAL, Scale.FIVE), targets.path("ordinal_1[y>k]"), Scale.FIVE);
        check(Losses.PAPER.targets(Head.DISTRIBUTION, Scale.FIVE), targets.path("gaussian_sigma_1"), Scale.FIVE);
        check(width(0.7).targets(Head.DISTRIBUTION, Scale.FIVE), targets.path("gaussian_sigma_0.7"), Scale.FIVE);
        check(
                Losses.PAPER.targets(Head.DISTRIBUTION, Scale.FOUR),
                targets.path("gaussian_sigma_1_4_classes"),
                Scale.FOUR);
        check(Losses.PAPER.targets(Head.ORDINAL, Scale.FOUR), targets.path("ordinal_4_classes"), Scale.FOUR);
    }

    @Test
    void smoothedTargetsAgree() {
        for (JsonNode each : golden.path("cross_entropy").path("label_smoothing")) {
            Losses losses =
                    new Losses(1, 1, 1, 1, 1, 1, 1, each.path("smoothing").asDouble(), List.of());
            check(losses.targets(Head.CLASSES, Scale.FIVE), each.path("target_rows_for_grade_0_to_4"), Scale.FIVE);
        }
    }

    @Test
    void binaryTargetIsTwoAndAbove() {
        float[][] rows = Losses.PAPER.targets(Head.BINARY, Scale.FIVE);
        assertThat(rows).isDeepEqualTo(new float[][] {{0}, {0}, {1}, {1}, {1}});
    }

    @Test
    void classWeightsMustFitTheScale() {
        Losses losses = new Losses(1, 1, 1, 1, 1, 1, 1, 0, List.of(1.0, 2.0));
        assertThatThrownBy(() -> TrainingProgram.of(Graders.byName("chavoshi-resnet18"), Layers.plain(), losses))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there are 5 classes");
    }

    private static Losses width(double sigma) {
        return new Losses(1, 1, 1, 1, 1, 1, sigma, 0, List.of());
    }

    private static void check(float[][] rows, JsonNode expected, Scale scale) {
        for (int grade = 0; grade < 5; grade++) {
            JsonNode row = expected.path(scale.classOf(grade));
            assertThat(rows[grade]).hasSize(row.size());
            for (int i = 0; i < row.size(); i++) {
                assertThat(rows[grade][i]).isCloseTo((float) row.path(i).asDouble(), within(1e-7f));
            }
        }
    }
}
