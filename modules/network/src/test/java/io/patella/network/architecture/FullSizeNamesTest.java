package io.patella.network.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.network.program.Slot;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published configurations have timm's parameters: names, types, shapes and number. */
class FullSizeNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "convnext_base",
                "convnext_tiny",
                "convnextv2_tiny",
                "dm_nfnet_f0",
                "dm_nfnet_f4",
                "efficientnet_b0",
                "efficientnet_lite0",
                "mobilenetv2_100",
                "resnet18",
                "resnet50",
                "vit_base_patch16_224",
                "vit_base_patch16_224_no_head",
                "vit_small_patch14_reg4_dinov2",
                "vit_large_patch14_reg4_dinov2",
                "vit_small_patch16_dinov3",
                "vit_large_patch16_dinov3"
            })
    void parametersAreTimms(String file) throws IOException {
        JsonNode golden = read(file);
        JsonNode state = golden.get("state");
        Map<String, String> expected = new LinkedHashMap<>();
        state.forEach(each -> expected.put(
                each.get(0).asText(), (each.get(2).asText().equals("int64") ? "I64" : "F32") + each.get(1)));
        Architecture architecture =
                Architectures.byName(golden.get("model").asText()).architecture();
        if (golden.at("/arguments/num_classes").asInt(1000) == 0) {
            architecture = architecture.withClasses(0);
        }

        Map<String, Slot> slots = architecture.network(Layers.plain()).tensors();

        Map<String, String> found = new LinkedHashMap<>();
        slots.forEach((name, slot) ->
                found.put(name, slot.type() + Arrays.toString(slot.shape()).replace(" ", "")));
        assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(slots.values().stream()
                        .filter(slot -> slot.kind() == Slot.Kind.PARAMETER)
                        .mapToLong(FullSizeNamesTest::elements)
                        .sum())
                .isEqualTo(golden.get("parameters").asLong());
    }

    private static long elements(Slot slot) {
        long elements = 1;
        for (long size : slot.shape()) {
            elements *= size;
        }
        return elements;
    }

    private static JsonNode read(String file) throws IOException {
        String name = "/golden/fullsize/" + file + ".names.json";
        try (InputStream in = Objects.requireNonNull(FullSizeNamesTest.class.getResourceAsStream(name), name)) {
            return new ObjectMapper().readTree(in);
        }
    }
}
