package io.patella.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.engine.Device;
import io.patella.engine.Program;
import io.patella.engine.Resident;
import io.patella.engine.Value;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.training.Losses;
import io.patella.network.training.TrainingProgram;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients and three optimiser steps of KL-FuseNet over small backbones, weight for weight. */
class TrainingGoldenTest {
    private static final int IMAGES = 4;

    @TempDir
    Path folder;

    private final JsonNode config = Golden.json(Golden.copy("fusenet/config.json"));
    private final Map<String, Tensor> input = Golden.tensors(Golden.copy("fusenet/input.safetensors"));

    TrainingGoldenTest() throws IOException {}

    @Test
    void everyGradientAgrees() throws IOException {
        JsonNode golden = Golden.json(Golden.copy("fusenet/train_paper.json"));
        Map<String, Tensor> expected = Golden.tensors(Golden.copy("fusenet/train_paper.safetensors"));
        try (Program program = open(golden.path("settings"))) {
            State state = new State(program);
            state.accumulate(0, IMAGES, 1);
            compare("grad/", golden, expected, 1, state.sum);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"train_paper", "train_large_clip"})
    void stepsAgree(String scenario) throws IOException {
        run(Golden.copy("fusenet/" + scenario + ".json"), Golden.copy("fusenet/" + scenario + ".safetensors"), 1);
    }

    /**
     * The tolerances hold but where a gradient is nearly 0 and AdamW turns its rounding into a step; in two scenarios processors without
     * AVX-512 come out further apart after that, by the factor given (measured: 2.3 and 12.3).
     */
    @ParameterizedTest
    @CsvSource({
        "train_paper, 1",
        "train_large, 1",
        "train_smooth, 1",
        "train_large_clip, 1",
        "train_large_accumulate2, 3",
        "train_large_lr_ramp, 1",
        "train_large_shared_patch_gem, 15"
    })
    void everyScenarioAgrees(String scenario, double slack) throws IOException {
        run(
                Golden.shared("golden/fusenet/" + scenario + ".json"),
                Golden.shared("golden/fusenet/" + scenario + ".safetensors"),
                slack);
    }

    private void run(Path description, Path answers, double slack) throws IOException {
        JsonNode golden = Golden.json(description);
        Map<String, Tensor> expected = Golden.tensors(answers);
        JsonNode settings = golden.path("settings");
        int parts = settings.path("accumulate").asInt(1);
        try (Program program = open(settings)) {
            State state = new State(program);
            for (int step = 0; step < settings.path("steps").asInt(); step++) {
                JsonNode stated = golden.path("steps").path(step);
                double rate = settings.path("lr").asDouble()
                        * (settings.has("lrs") ? settings.path("lrs").path(step).asDouble() : 1);
                Value numbers = Value.list(
                        rate,
                        rate * settings.path("head_factor").asDouble(),
                        settings.path("wd").asDouble(),
                        settings.path("eps").asDouble(1e-8),
                        settings.path("clip").asDouble(0),
                        0.999);
                double norm;
                if (parts == 1) {
                    float[] out = state.step(numbers);
                    check(out, stated.path("losses").path(0));
                    norm = out[4];
                } else {
                    int size = IMAGES / parts;
                    for (int part = 0; part < parts; part++) {
                        float[] out = state.accumulate(part * size, (part + 1) * size, 1.0 / parts);
                        check(out, stated.path("losses").path(part));
                    }
                    norm = state.updateAccumulated(numbers);
                }
                double before = stated.path("gradient_norm_before_clipping").asDouble();
                assertThat(norm).isCloseTo(before, within(before * 1e-4));
                compare("after" + (step + 1) + "/", golden, expected, slack, state.parameters, state.statistics);
            }
            compare("ema3/", golden, expected, slack, state.average, state.averageStatistics);
        }
    }

    private Program open(JsonNode settings) throws IOException {
        Grader grader =
                Graders.fuseNet(config.path("convnext"), config.path("resnet")).withDropout(0);
        Map<String, Tensor> weights = new LinkedHashMap<>(Golden.tensors(Golden.copy("fusenet/weights.safetensors")));
        if (settings.path("shared").asBoolean()) {
            grader = grader.with(Grader.Pooling.GEM_SHARED_BY_PATCHES);
            weights.put("gem_patch.p", weights.get("gem_left.p"));
            weights.keySet().removeAll(List.of("gem_left.p", "gem_right.p"));
        }
        ProgramModule module = TrainingProgram.of(grader, Layers.plain(), Losses.PAPER);
        WeightSource.named(weights, "weights").fill(module);
        Path file = folder.resolve("training.pt");
        ProgramArchive.write(module, file, Map.of());
        Program program = Program.openTrainable(file, Device.CPU, 1);
        program.train();
        return program;
    }

    private static void check(float[] losses, JsonNode stated) {
        assertThat(losses[0]).isCloseTo((float) stated.path("total").asDouble(), within(1e-5f));
        assertThat(losses[1]).isCloseTo((float) stated.path("ordinal").asDouble(), within(1e-5f));
        assertThat(losses[2]).isCloseTo((float) stated.path("distribution").asDouble(), within(1e-5f));
        assertThat(losses[3]).isCloseTo((float) stated.path("binary").asDouble(), within(1e-5f));
    }

    /** Compares what the reference has under {@code prefix}; every one of its tensors must be among {@code ours}. */
    private static void compare(
            String prefix, JsonNode golden, Map<String, Tensor> expected, double slack, Resident... ours) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        Arrays.stream(ours).forEach(each -> all.putAll(each.read()));
        expected.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                Tensor actual = all.get(name.substring(prefix.length()));
                assertThat(actual).as(name).isNotNull();
                Golden.assertClose(
                        name,
                        actual,
                        tensor,
                        slack * golden.path("tolerance").path(name).asDouble(0));
            }
        });
    }

    private final class State {
        private final Program program;
        private final Resident parameters;
        private final Resident statistics;
        private final Resident average;
        private final Resident averageStatistics;
        private final Resident sum;
        private final List<Value> all;

        private State(Program program) {
            this.program = program;
            parameters = program.parameters();
            statistics = program.resident("buffers");
            average = program.copyOf(parameters);
            averageStatistics = program.copyOf(statistics);
            sum = program.zerosLike(parameters);
            long backbones =
                    parameters.names().stream().filter(Grader::isBackbone).count();
            assertThat(backbones).isEqualTo(config.path("group_backbones").size());
            all = List.of(
                    Value.of(parameters),
                    Value.of(program.zerosLike(parameters)),
                    Value.of(program.zerosLike(parameters)),
                    Value.of(program.scalarsLike(parameters)),
                    Value.of(average),
                    Value.of(statistics),
                    Value.of(averageStatistics),
                    Value.of(backbones));
        }

        private List<Value> batch(int from, int to) {
            List<Value> values = new ArrayList<>();
            for (String name : List.of("global", "left", "right", "grade")) {
                values.add(Value.of(Golden.rows(input.get(name), from, to)));
            }
            return values;
        }

        private float[] step(Value numbers) {
            List<Value> arguments = batch(0, IMAGES);
            arguments.addAll(all);
            arguments.add(numbers);
            return call("train_step", arguments);
        }

        private float[] accumulate(int from, int to, double scale) {
            List<Value> arguments = batch(from, to);
            arguments.addAll(List.of(Value.of(parameters), Value.of(sum), Value.of(scale)));
            return call("accumulate", arguments);
        }

        private float updateAccumulated(Value numbers) {
            List<Value> arguments = new ArrayList<>();
            arguments.add(Value.of(sum));
            arguments.addAll(all);
            arguments.add(numbers);
            return call("update_accumulated", arguments)[0];
        }

        private float[] call(String method, List<Value> arguments) {
            return program.callWithGradients(method, arguments.toArray(new Value[0]))
                    .asTensor()
                    .toFloats();
        }
    }
}
