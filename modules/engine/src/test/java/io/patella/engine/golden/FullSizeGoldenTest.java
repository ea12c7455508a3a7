package io.patella.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.engine.Device;
import io.patella.engine.Program;
import io.patella.engine.Value;
import io.patella.network.architecture.Architecture;
import io.patella.network.architecture.Architectures;
import io.patella.network.architecture.Layers;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Full-size networks with weights and input by formula give what timm gives in float64. */
@Tag("slow")
class FullSizeGoldenTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("patella.root", "."), "..", "shared", "golden", "fullsize");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"convnext_base", "resnet50", "vit_base_patch16_224_no_head", "vit_small_patch14_reg4_dinov2"})
    void sampledOutputsEqualTimms(String file) throws Exception {
        Path facts = GOLDEN.resolve(file + ".output.json");
        Assumptions.assumeTrue(Files.exists(facts), () -> facts + " is not here");
        JsonNode golden = new ObjectMapper().readTree(facts.toFile());
        Architecture architecture =
                Architectures.byName(golden.get("model").asText()).architecture();
        if (golden.at("/arguments/num_classes").asInt(1000) == 0) {
            architecture = architecture.withClasses(0);
        }
        ProgramModule network = architecture.network(Layers.plain());
        network.tensors()
                .forEach((name, slot) -> slot.put(
                        slot.type() == ElementType.F32
                                ? FormulaTensor.parameter(name, slot.shape())
                                : new Tensor(slot.type(), slot.shape(), ByteBuffer.allocateDirect(8))));
        Path archive = folder.resolve("model.pt");
        ProgramArchive.write(network, archive, Map.of());

        long[] shape = new ObjectMapper().convertValue(golden.get("input_shape"), long[].class);
        try (Program program = Program.open(archive, Device.CPU, 2)) {
            Value input = Value.of(FormulaTensor.of("input", 0, 2, shape));
            Tensor features = program.call("forward_features", input).asTensor();
            compare(golden.get("forward_features"), features);
            compare(
                    golden.get("pooled"),
                    program.call("pooled", Value.of(features)).asTensor());
        }
    }

    private static void compare(JsonNode golden, Tensor output) {
        assertThat(output.shape()).isEqualTo(new ObjectMapper().convertValue(golden.get("shape"), long[].class));
        float[] elements = output.toFloats();
        double tolerance = golden.get("atol").asDouble();
        for (JsonNode each : golden.get("index_value_float32_float64")) {
            assertThat((double) elements[each.get(0).asInt()])
                    .isCloseTo(each.get(2).asDouble(), org.assertj.core.data.Offset.offset(tolerance));
        }
    }
}
