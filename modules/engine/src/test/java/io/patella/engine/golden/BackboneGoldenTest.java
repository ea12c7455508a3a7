package io.patella.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.engine.Program;
import io.patella.engine.Value;
import io.patella.network.architecture.Architecture;
import io.patella.network.architecture.Architectures;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.Slot;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small networks of each family against timm, as written and in the fused form. */
class BackboneGoldenTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "convnext_b_odd",
                "convnext_c_convmlp",
                "convnextv2_grn",
                "resnet_bottleneck",
                "mobilenetv2",
                "efficientnet_b0",
                "nfnet_dm",
                "vit_class_token",
                "vit_biomedclip_tower",
                "dinov2_noreg",
                "dinov3"
            })
    void answersAsTimmWithItsNames(String name) throws IOException {
        check(
                name,
                Golden.copy("models/" + name + ".json"),
                Golden.copy("models/" + name + ".safetensors"),
                Golden.copy("models/" + name + ".io.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"convnext_a", "resnet_basic", "efficientnet_lite", "dinov2_reg4"})
    void answersAsTimmOfTheFullSet(String name) throws IOException {
        check(
                name,
                Golden.shared("golden/models/" + name + ".json"),
                Golden.shared("golden/models/" + name + ".safetensors"),
                Golden.shared("golden/models/" + name + ".io.safetensors"));
    }

    private void check(String name, Path description, Path weightFile, Path answers) throws IOException {
        JsonNode golden = Golden.json(description);
        Architecture architecture =
                Architectures.fromTimm(golden.path("made_by").asText(), golden.path("config"));
        Map<String, Tensor> weights = Golden.tensors(weightFile);
        Map<String, Tensor> io = Golden.tensors(answers);

        ProgramModule plain = architecture.network(Layers.plain());
        assertThat(shapes(plain)).containsExactlyInAnyOrderEntriesOf(shapes(golden.path("state")));
        WeightSource.named(weights, name).fill(plain);
        compare(Golden.open(plain, folder.resolve("plain.pt")), golden, io);

        ProgramModule fused = architecture.network(Layers.fused());
        WeightSource.named(weights, name).fill(fused);
        Program program = Golden.open(fused, folder.resolve("fused.pt"));
        program.callWithGradients("pack");
        compare(program, golden, io);
    }

    private static void compare(Program program, JsonNode golden, Map<String, Tensor> io) {
        try (program) {
            for (String prefix : List.of("", "input2/")) {
                if (!io.containsKey(prefix + "input")) {
                    continue;
                }
                Tensor features = program.call("forward_features", Value.of(io.get(prefix + "input")))
                        .asTensor();
                check(golden, io, prefix + "forward_features", features);
                check(
                        golden,
                        io,
                        prefix + "pooled",
                        program.call("pooled", Value.of(features)).asTensor());
                check(
                        golden,
                        io,
                        prefix + "forward",
                        program.call("forward", Value.of(io.get(prefix + "input")))
                                .asTensor());
            }
        }
    }

    private static void check(JsonNode golden, Map<String, Tensor> io, String name, Tensor actual) {
        double tolerance = golden.path("tolerance").path(name).path("atol").asDouble();
        assertThat(tolerance).as(name).isPositive();
        Golden.assertClose(name, actual, io.get(name), tolerance);
    }

    private static Map<String, List<Long>> shapes(ProgramModule module) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        module.tensors().forEach((name, slot) -> shapes.put(name, shape(slot)));
        return shapes;
    }

    private static List<Long> shape(Slot slot) {
        assertThat(slot.type()).isIn(ElementType.F32, ElementType.I64);
        return java.util.Arrays.stream(slot.shape()).boxed().toList();
    }

    private static Map<String, List<Long>> shapes(JsonNode state) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        for (JsonNode tensor : state) {
            List<Long> shape = new java.util.ArrayList<>();
            tensor.path("shape").forEach(size -> shape.add(size.asLong()));
            shapes.put(tensor.path("name").asText(), shape);
        }
        return shapes;
    }
}
