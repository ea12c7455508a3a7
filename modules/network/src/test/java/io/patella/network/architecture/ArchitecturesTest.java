package io.patella.network.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.Slot;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitecturesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "convnext_base",
                "convnext_tiny",
                "convnextv2_tiny",
                "resnet18",
                "resnet50",
                "mobilenetv2_100",
                "efficientnet_lite0",
                "efficientnet_b0",
                "dm_nfnet_f0",
                "dm_nfnet_f4",
                "vit_base_patch16_224",
                "vit_small_patch14_reg4_dinov2",
                "vit_large_patch14_reg4_dinov2",
                "vit_small_patch16_dinov3",
                "vit_large_patch16_dinov3"
            })
    void namesShapesAndPicturesAreTimms(String name) throws IOException {
        JsonNode golden = JSON.readTree(getClass().getResourceAsStream("/golden/fullsize/" + name + ".names.json"));
        Architectures.Named named = Architectures.byName(name);
        ProgramModule network = named.architecture().network(Layers.plain());
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        for (JsonNode entry : golden.path("state")) {
            List<Long> shape = new ArrayList<>();
            entry.path(1).forEach(size -> shape.add(size.asLong()));
            expected.put(entry.path(0).asText(), shape);
        }
        Map<String, List<Long>> ours = new LinkedHashMap<>();
        network.tensors().forEach((tensor, slot) -> ours.put(tensor, shape(slot)));
        assertThat(ours).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(named.architecture().features())
                .isEqualTo(golden.path("num_features").asInt());
        JsonNode pictures = golden.path("pretrained_cfg");
        assertThat(named.mean()).isEqualTo(JSON.convertValue(pictures.path("mean"), List.class));
        assertThat(named.std()).isEqualTo(JSON.convertValue(pictures.path("std"), List.class));
        assertThat(named.size()).isEqualTo(pictures.path("input_size").path(1).asInt());
    }

    private static List<Long> shape(Slot slot) {
        return Arrays.stream(slot.shape()).boxed().toList();
    }

    @Test
    void everyNameCanBeBuilt() {
        for (String name : Architectures.names()) {
            Architecture architecture = Architectures.byName(name).architecture();
            assertThat(architecture.trunk(Layers.plain()).parameters()).as(name).isNotEmpty();
            assertThat(architecture.features()).as(name).isPositive();
        }
    }

    @Test
    void unknownNamesGetTheNearestKnownOne() {
        assertThatThrownBy(() -> Architectures.byName("resnet51"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean resnet50?");
    }

    @Test
    void unsupportedArgumentsAreNamedAllAtOnce() throws IOException {
        JsonNode arguments = JSON.readTree(
                "{\"block\":\"Bottleneck\",\"layers\":[1,1,1,1],\"stem_type\":\"deep\",\"aa_layer\":\"blurpool\"}");
        assertThatThrownBy(() -> Architectures.fromTimm("timm.models.resnet.ResNet", arguments))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("stem_type=\"deep\"")
                .hasMessageContaining("aa_layer=\"blurpool\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"depths\":[1,1],\"dims\":[8,12]}",
                "{\"depths\":[1,1,1],\"dims\":[8,12,16,24]}",
                "{\"depths\":[1,1,-1,1],\"dims\":[8,12,16,24]}"
            })
    void networksHaveFourStages(String arguments) {
        assertThatThrownBy(() -> Architectures.fromTimm("timm.models.convnext.ConvNeXt", JSON.readTree(arguments)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not have four positive numbers, one for each stage: depths=[1,1");
    }

    @Test
    void weightsThatDoNotFitAreNamedAllAtOnce() {
        ProgramModule network = Architectures.byName("resnet18").architecture().trunk(Layers.plain());
        WeightSource.seeded(1).fill(network);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        network.tensors().forEach((name, slot) -> weights.put(name, slot.value().tensor()));
        weights.put("layer9.weight", weights.remove("layer1.0.conv1.weight"));
        weights.put("bn1.weight", Tensor.of(new float[] {1, 2}, 2));
        float[] nan = new float[64];
        nan[3] = Float.NaN;
        weights.put("bn1.bias", Tensor.of(nan, 64));
        ProgramModule other = Architectures.byName("resnet18").architecture().trunk(Layers.plain());
        assertThatThrownBy(() -> WeightSource.named(weights, "w.safetensors").fill(other))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("w.safetensors: weights do not fit the network in 4 places")
                .hasMessageContaining("missing layer1.0.conv1.weight [64, 64, 3, 3]")
                .hasMessageContaining("unexpected layer9.weight")
                .hasMessageContaining("bn1.weight is [2], expected [64]")
                .hasMessageContaining("bn1.bias has NaN or infinite elements, the first at 3");
    }

    @Test
    void seededWeightsDependOnSeedAndNameAlone() {
        ProgramModule a = Architectures.byName("resnet18").architecture().trunk(Layers.plain());
        ProgramModule b = Architectures.byName("resnet18").architecture().network(Layers.plain());
        ProgramModule c = Architectures.byName("resnet18").architecture().trunk(Layers.plain());
        WeightSource.seeded(7).fill(a);
        WeightSource.seeded(7).fill(b);
        WeightSource.seeded(8).fill(c);
        String name = "layer3.0.conv1.weight"; // [256, 128, 3, 3]
        float[] values = values(a, name);
        assertThat(values).isEqualTo(values(b, name)).isNotEqualTo(values(c, name));
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        assertThat(Math.sqrt(squares / values.length))
                .isCloseTo(Math.sqrt(2.0 / (256 * 9)), org.assertj.core.data.Percentage.withPercentage(2));
    }

    private static float[] values(ProgramModule module, String name) {
        return module.tensors().get(name).value().tensor().toFloats();
    }
}
