package io.patella.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.imaging.Gray8;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Ensemble;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.grader.GradingNetwork;
import io.patella.network.preparation.CounterRandom;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several graders as one: one that looks at the whole knee and its halves, and one at the whole alone. */
class EnsembleTest {
    @TempDir
    Path folder;

    private static Grader both() throws Exception {
        ObjectMapper json = new ObjectMapper();
        return Graders.fuseNet(
                json.readTree("{\"depths\":[1,1,1,1],\"dims\":[8,8,12,16]}"),
                json.readTree("{\"block\":\"basic\",\"layers\":[1,1,1,1],\"channels\":[8,8,12,16]}"));
    }

    private static Grader whole() throws Exception {
        Grader both = both();
        return both.with(both.global(), null).named("whole");
    }

    private static Map<String, Tensor> weights(Grader grader, long seed) {
        ProgramModule network = grader.program(Layers.plain());
        WeightSource.seeded(seed).fill(network);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        network.tensors()
                .forEach((name, slot) ->
                        weights.put(name, Objects.requireNonNull(slot.value()).tensor()));
        return weights;
    }

    private Path write(GradingNetwork network, Map<String, Tensor> weights) {
        ProgramModule program = network.program(Layers.plain());
        WeightSource.named(weights, "test").fill(program);
        Path model = folder.resolve(network.name() + ".pt");
        ProgramArchive.write(program, model, Map.of());
        Path bundle = folder.resolve(network.name());
        Bundle.write(
                bundle,
                new BundleDescription(
                        network.name(),
                        network.json(),
                        Preparation.standard(64).with(Preparation.Average.LOGITS),
                        null,
                        new ObjectMapper().createObjectNode(),
                        List.of()),
                model,
                "a card");
        return bundle;
    }

    private static List<Gray8> pictures() {
        List<Gray8> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            CounterRandom random = new CounterRandom(i);
            byte[] pixels = new byte[70 * 80];
            int light = 30 + random.below(150);
            for (int k = 0; k < pixels.length; k++) {
                pixels[k] = (byte) (light + random.below(50));
            }
            all.add(new Gray8(70, 80, pixels));
        }
        return all;
    }

    private static double logit(double p) {
        return Math.log(p / (1 - p));
    }

    /** What the distribution's logits of KL 1 and KL 0 differ by. */
    private static double apart(Prediction said) {
        return Math.log(said.distribution().get(1) / said.distribution().get(0));
    }

    private Path ensemble() throws Exception {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights(both(), 1).forEach((name, tensor) -> weights.put(Ensemble.prefix(0) + name, tensor));
        weights(whole(), 2).forEach((name, tensor) -> weights.put(Ensemble.prefix(1) + name, tensor));
        return write(new Ensemble("together", List.of(both(), whole()), List.of(3.0, 1.0)), weights);
    }

    @Test
    void itsLogitsAreTheWeightedMeanOfTheMembers() throws Exception {
        List<Gray8> pictures = pictures();
        List<Prediction> first;
        List<Prediction> second;
        try (OpenedBundle one =
                OpenedBundle.open(write(both(), weights(both(), 1)), Device.CPU, ExecutionMode.CPU_F32_STRICT, 1)) {
            first = one.grade(pictures);
        }
        try (OpenedBundle other =
                OpenedBundle.open(write(whole(), weights(whole(), 2)), Device.CPU, ExecutionMode.CPU_F32_STRICT, 1)) {
            second = other.grade(pictures);
        }
        try (OpenedBundle together = OpenedBundle.open(ensemble(), Device.CPU, ExecutionMode.CPU_F32_STRICT, 1)) {
            List<Prediction> said = together.grade(pictures);
            for (int i = 0; i < pictures.size(); i++) {
                for (int k = 0; k < 4; k++) {
                    double mean = 0.75 * logit(first.get(i).ordinal().get(k))
                            + 0.25 * logit(second.get(i).ordinal().get(k));
                    assertThat(logit(said.get(i).ordinal().get(k))).isCloseTo(mean, within(1e-4));
                }
                double apart = 0.75 * apart(first.get(i)) + 0.25 * apart(second.get(i));
                assertThat(apart(said.get(i))).isCloseTo(apart, within(1e-4));
                assertThat(first.get(i).ordinal()).isNotEqualTo(second.get(i).ordinal());
            }
            assertThat(together.joined(pictures).get(0)).hasSize(16 + 2 * 16 + 16);
        }
    }

    @Test
    void itsHeatmapsAreOfEveryViewThatAMemberMaps() throws Exception {
        try (OpenedBundle together = OpenedBundle.open(ensemble(), Device.CPU, ExecutionMode.CPU_F32, 1)) {
            List<OpenedBundle.Heatmap> maps =
                    together.heatmaps(pictures().subList(0, 1)).get(0);
            assertThat(maps).extracting(OpenedBundle.Heatmap::view).containsExactly("global", "left", "right");
            for (OpenedBundle.Heatmap each : maps) {
                assertThat(each.heat().shape()).containsExactly(64, 64);
                float most = 0;
                for (float heat : each.heat().toFloats()) {
                    assertThat(heat).isBetween(0f, 1f);
                    most = Math.max(most, heat);
                }
                assertThat(most).isIn(0f, 1f);
            }
        }
    }

    @Test
    void itSurvivesTheWayThroughJson() throws Exception {
        Ensemble ensemble = new Ensemble("together", List.of(both(), whole()), List.of(3.0, 1.0));
        assertThat(GradingNetwork.parse(ensemble.json(), "bundle.json")).isEqualTo(ensemble);
        assertThatThrownBy(() -> Grader.parse(ensemble.json(), "bundle.json"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bundle.json: is an ensemble: together");
        assertThatThrownBy(() -> GradingNetwork.parse(ensemble.json().put("weights", 1), "bundle.json"))
                .hasMessageContaining("unknown key of an ensemble: weights");
    }

    @Test
    void membersThatAnswerOtherwiseAreRefused() throws Exception {
        Grader both = both();
        assertThatThrownBy(
                        () -> new Ensemble("together", List.of(both, Graders.byName("dualhead-4c")), List.of(1.0, 1.0)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("member dualhead-4c answers otherwise than");
        assertThatThrownBy(() -> new Ensemble("together", List.of(both, both), List.of(1.0, 0.0)))
                .hasMessageContaining("every member needs a share above 0: [1.0, 0.0]");
        assertThatThrownBy(() -> new Ensemble("together", List.of(both), List.of(1.0)))
                .hasMessageContaining("needs two members or more: 1");
    }
}
