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
import io.patella.network.program.ProgramTensor;
import io.patella.network.training.Losses;
import io.patella.network.training.TrainingProgram;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of KL-FuseNet and of the optimiser by themselves, in float32. */
class UnitsGoldenTest {
    @TempDir
    Path folder;

    private Program grader() {
        ProgramModule module = TrainingProgram.of(small(), Layers.plain(), Losses.PAPER);
        WeightSource.seeded(1).fill(module);
        return open(module, "grader.pt");
    }

    private static Grader small() {
        return Graders.byName("kl-fusenet-mobilenetv2");
    }

    private Program open(ProgramModule module, String name) {
        Path file = folder.resolve(name);
        ProgramArchive.write(module, file, Map.of());
        return Program.openTrainable(file, Device.CPU, 1);
    }

    @Test
    void generalisedMeanAgrees() throws IOException {
        JsonNode golden = Golden.json(Golden.copy("units/gem.json"));
        try (Program program = grader()) {
            for (JsonNode each : golden.path("cases")) {
                Tensor x = tensor(each.path("x"));
                Tensor p =
                        Tensor.of(new float[] {(float) each.path("p_as_float32").asDouble()}, 1);
                Tensor expected = tensor(each.path("float32").path("y"));
                Tensor actual = program.call("gem", Value.of(x), Value.of(p)).asTensor();
                close(actual, expected, 4e-6, each.path("kind").asText() + " " + each.path("p"));
            }
        }
    }

    @Test
    void vectorsAreDividedByTheirLength() throws IOException {
        JsonNode golden = Golden.json(Golden.copy("units/l2_normalise.json")).path("case");
        try (Program program = grader()) {
            Tensor actual =
                    program.call("fuse", Value.of(tensor(golden.path("x")))).asTensor();
            close(actual, tensor(golden.path("float32").path("y")), 2e-6, "l2");
        }
    }

    @Test
    void optimiserAgreesWithDecayAndClipping() throws IOException {
        JsonNode golden = Golden.json(Golden.copy("units/adamw.json"));
        for (JsonNode each : golden.path("cases")) {
            ProgramModule module = TrainingProgram.of(small(), Layers.plain(), Losses.PAPER);
            Tensor start = tensor(each.path("start"));
            module.parameter("probe", new ProgramTensor(start, false, true));
            module.method("probes() -> Dict[str, Tensor]", "return {\"probe\": self.probe}");
            WeightSource.seeded(1).fill(module);
            module.tensors().get("probe").put(start);
            try (Program program = open(module, "probe.pt")) {
                Resident p = program.resident("probes");
                Resident m = program.zerosLike(p);
                Resident v = program.zerosLike(p);
                Resident t = program.scalarsLike(p);
                Resident e = program.copyOf(p);
                Resident nothing = program.keep(Map.of());
                for (int step = 0; step < each.path("gradients").size(); step++) {
                    Tensor gradient = tensor(each.path("gradients").path(step));
                    program.callWithGradients(
                            "update",
                            Value.of(program.keep(Map.of("probe", gradient))),
                            Value.of(p),
                            Value.of(m),
                            Value.of(v),
                            Value.of(t),
                            Value.of(e),
                            Value.of(nothing),
                            Value.of(nothing),
                            Value.of(0),
                            Value.list(
                                    0,
                                    each.path("lr").asDouble(),
                                    each.path("weight_decay").asDouble(),
                                    each.path("eps").asDouble(),
                                    each.path("clip_global_norm").asDouble(0),
                                    0.999));
                    close(p.read().get("probe"), tensor(each.path("after").path(step)), 1e-6, "step " + step);
                }
            }
        }
    }

    @Test
    void crossEntropyAgreesWithSmoothingAndClassWeights() throws IOException {
        JsonNode golden = Golden.json(Golden.copy("units/losses.json")).path("cross_entropy");
        for (JsonNode each : golden.path("label_smoothing")) {
            double smoothing = each.path("smoothing").asDouble();
            check(golden, new Losses(1, 1, 1, 1, 1, 1, 1, smoothing, List.of()), each.path("loss"));
        }
        List<Double> weights = new ArrayList<>();
        golden.path("class_weights").forEach(weight -> weights.add(weight.asDouble()));
        check(golden, new Losses(1, 1, 1, 1, 1, 1, 1, 0, weights), golden.path("class_weighted_loss"));
        check(golden, new Losses(1, 1, 1, 1, 1, 1, 1, 0.1, weights), golden.path("class_weighted_smoothed_0.1"));
    }

    private void check(JsonNode golden, Losses losses, JsonNode expected) {
        Grader flat = Graders.byName("chavoshi-resnet18")
                .with(Graders.byName("kl-fusenet-mobilenetv2").global(), null);
        ProgramModule module = TrainingProgram.of(flat, Layers.plain(), losses);
        WeightSource.seeded(1).fill(module);
        long[] grades = new long[golden.path("grade").size()];
        for (int i = 0; i < grades.length; i++) {
            grades[i] = golden.path("grade").path(i).asLong();
        }
        try (Program program = open(module, "flat.pt")) {
            float[] out = program.call(
                            "losses_of", Value.list(tensor(golden.path("logits"))), Value.of(Golden.longs(grades)))
                    .asTensor()
                    .toFloats();
            assertThat(out[2]).isCloseTo((float) expected.asDouble(), within(2e-6f));
        }
    }

    private static void close(Tensor actual, Tensor expected, double relative, String what) {
        float[] a = actual.toFloats();
        float[] e = expected.toFloats();
        assertThat(a).as(what).hasSameSizeAs(e);
        for (int i = 0; i < a.length; i++) {
            assertThat(a[i]).as(what + " " + i).isCloseTo(e[i], within((float)
                    (relative * Math.max(Math.abs(e[i]), 1e-6))));
        }
    }

    /** Nested arrays as a tensor. */
    private static Tensor tensor(JsonNode node) {
        List<Long> shape = new ArrayList<>();
        for (JsonNode at = node; at.isArray(); at = at.path(0)) {
            shape.add((long) at.size());
        }
        List<Float> values = new ArrayList<>();
        collect(node, values);
        float[] flat = new float[values.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = values.get(i);
        }
        return Tensor.of(flat, shape.stream().mapToLong(Long::longValue).toArray());
    }

    private static void collect(JsonNode node, List<Float> values) {
        if (node.isArray()) {
            node.forEach(item -> collect(item, values));
        } else {
            values.add((float) node.asDouble());
        }
    }
}
