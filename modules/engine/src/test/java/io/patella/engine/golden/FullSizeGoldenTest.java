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
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks in their real size: with weights from the reference's formula, and with published weights. */
class FullSizeGoldenTest {
    @TempDir
    Path folder;

    /** Outputs sampled over the whole tensor; tolerance 20 times the reference's own float32 error. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {"resnet50", "convnext_base", "vit_base_patch16_224_no_head", "vit_small_patch14_reg4_dinov2"})
    void answersWithFormulaWeightsAgree(String name) throws IOException {
        JsonNode golden = Golden.json(Golden.shared("golden/fullsize/" + name + ".output.json"));
        Architecture named = Architectures.byName(golden.path("model").asText()).architecture();
        boolean headless = golden.at("/arguments/num_classes").asInt(1000) == 0;
        Architecture architecture = headless ? named.withClasses(0) : named;
        for (Layers layers : List.of(Layers.plain(), Layers.fused())) {
            ProgramModule plain = architecture.network(Layers.plain());
            Map<String, Tensor> weights = new LinkedHashMap<>();
            plain.tensors().forEach((tensor, slot) -> {
                if (slot.type().isFloatingPoint()) {
                    weights.put(tensor, formula(tensor, slot.shape()));
                }
            });
            ProgramModule module = architecture.network(layers);
            WeightSource.named(weights, name).fill(module);
            try (Program program = Golden.open(module, folder.resolve("net.pt"))) {
                if (layers.isFused()) {
                    program.callWithGradients("pack");
                }
                Value input = Value.of(numbers("input", 0, 2, shape(golden.path("input_shape"))));
                Tensor features = program.call("forward_features", input).asTensor();
                check(golden.path("forward_features"), features);
                check(
                        golden.path("pooled"),
                        program.call("pooled", Value.of(features)).asTensor());
                if (!headless) {
                    check(golden.path("forward"), program.call("forward", input).asTensor());
                }
            }
        }
    }

    private static long[] shape(JsonNode sizes) {
        long[] shape = new long[sizes.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = sizes.path(i).asLong();
        }
        return shape;
    }

    private static void check(JsonNode golden, Tensor actual) {
        float[] values = actual.toFloats();
        double error = 0;
        double largest = 0;
        double worst = 0;
        for (JsonNode sample : golden.path("index_value_float32_float64")) {
            double exact = sample.path(2).asDouble();
            error = Math.max(error, Math.abs(sample.path(1).asDouble() - exact));
            largest = Math.max(largest, Math.abs(exact));
            worst = Math.max(worst, Math.abs(values[sample.path(0).asInt()] - exact));
        }
        assertThat(worst).isLessThanOrEqualTo(Math.max(20 * error, 4e-6 * largest));
        double sum = 0;
        for (float value : values) {
            sum += Math.abs((double) value);
        }
        double stated = golden.path("abs_sum_float64").asDouble();
        assertThat(sum).isCloseTo(stated, org.assertj.core.data.Offset.offset(stated * 1e-5));
    }

    /** {@code mobilenet_v2} carries torchvision's names, the others timm's. */
    @ParameterizedTest
    @CsvSource({
        "mobilenet_v2, mobilenetv2_100",
        "tf_efficientnet_lite0, tf_efficientnet_lite0",
        "tf_efficientnet_lite2, tf_efficientnet_lite2"
    })
    void publishedWeightsMeanWhatTheyDid(String file, String name) throws IOException {
        Map<String, Tensor> weights =
                Golden.tensors(Golden.shared("data/weights/" + file + "_features_fp16.safetensors"));
        Map<String, Tensor> io = Golden.tensors(Golden.shared("golden/pretrained/" + file + ".io.safetensors"));
        JsonNode golden = Golden.json(Golden.shared("golden/pretrained/pretrained.json"))
                .path("networks")
                .path(file);
        for (Layers layers : List.of(Layers.plain(), Layers.fused())) {
            ProgramModule module =
                    Architectures.byName(name).architecture().withClasses(0).network(layers);
            WeightSource.named(weights, file).fill(module);
            try (Program program = Golden.open(module, folder.resolve("net.pt"))) {
                if (layers.isFused()) {
                    program.callWithGradients("pack");
                }
                for (String prefix : List.of("", "input2/")) {
                    Tensor pooled = program.call("forward", Value.of(io.get(prefix + "input")))
                            .asTensor();
                    double tolerance = golden.path(prefix.isEmpty() ? "input1/" : prefix)
                            .path("atol_pooled")
                            .asDouble();
                    Golden.assertClose(file, pooled, io.get(prefix + "pooled"), tolerance);
                }
            }
        }
    }

    @Test
    void formulaDrawsTheReferencesNumbers() throws IOException {
        JsonNode samples = Golden.json(Golden.shared("golden/fullsize/formula_samples.json"));
        for (JsonNode each : samples.path("float32")) {
            Tensor tensor = numbers(
                    each.path("name").asText(),
                    each.path("offset").asDouble(),
                    each.path("scale").asDouble(),
                    6);
            for (int i = 0; i < 6; i++) {
                assertThat(tensor.toFloats()[i])
                        .isEqualTo((float) each.path("first_6").path(i).asDouble());
            }
        }
    }

    private static Tensor formula(String name, long... shape) {
        String leaf = name.substring(name.lastIndexOf('.') + 1);
        double fan = 1;
        for (int i = 1; i < shape.length; i++) {
            fan *= shape[i];
        }
        boolean matrix = shape.length > 1;
        if (leaf.equals("running_mean")) {
            return numbers(name, 0, 0.1, shape);
        }
        if (leaf.equals("running_var")) {
            return numbers(name, 1, 0.25, shape);
        }
        if (List.of("gamma", "gamma_1", "gamma_2", "skipinit_gain").contains(leaf)) {
            return numbers(name, 0.25, 0.125, shape);
        }
        if (leaf.equals("gain")) {
            return numbers(name, 1, 0.25, shape);
        }
        if (matrix && List.of("cls_token", "reg_token", "pos_embed").contains(leaf)) {
            return numbers(name, 0, 0.25, shape);
        }
        if (matrix) {
            return numbers(name, 0, 1.75 / Math.sqrt(fan), shape);
        }
        if (name.endsWith("bn3.weight")) {
            return numbers(name, 0.25, 0.125, shape);
        }
        return leaf.equals("weight") ? numbers(name, 1, 0.25, shape) : numbers(name, 0, 0.0625, shape);
    }

    /** The reference's own generator: FNV-1a of the name, SplitMix64 over the elements. */
    private static Tensor numbers(String name, double offset, double scale, long... shape) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : ("klgold:" + name).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 255)) * 0x100000001b3L;
        }
        int elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, (int) size);
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
        long z0 = hash;
        for (int i = 0; i < elements; i++) {
            z0 += 0x9e3779b97f4a7c15L;
            long z = (z0 ^ (z0 >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            z = z ^ (z >>> 31);
            bytes.putFloat(4 * i, (float) (offset + scale * ((z >>> 40) * 0x1p-23 - 1)));
        }
        return new Tensor(io.patella.network.weights.ElementType.F32, shape, bytes);
    }
}
