package io.patella.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.engine.Device;
import io.patella.engine.Program;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** KL-FuseNet over small backbones: forward passes, losses and Grad-CAM. */
class FuseNetGoldenTest {
    @TempDir
    Path folder;

    private final JsonNode config = Golden.json(Golden.copy("fusenet/config.json"));
    private final Map<String, Tensor> weights = Golden.tensors(Golden.copy("fusenet/weights.safetensors"));
    private final Map<String, Tensor> input = Golden.tensors(Golden.copy("fusenet/input.safetensors"));
    private final Grader grader =
            Graders.fuseNet(config.path("convnext"), config.path("resnet")).withDropout(0);

    FuseNetGoldenTest() throws IOException {}

    private Value views() {
        return Value.list(input.get("global"), input.get("left"), input.get("right"));
    }

    @Test
    void everyIntermediateOutputAgreesAsWrittenAndFused() throws IOException {
        Map<String, Tensor> expected = Golden.tensors(Golden.copy("fusenet/eval.safetensors"));
        for (Layers layers : List.of(Layers.plain(), Layers.fused())) {
            ProgramModule module = grader.program(layers);
            WeightSource.named(weights, "weights").fill(module);
            try (Program program = Golden.open(module, folder.resolve("net" + layers.isFused() + ".pt"))) {
                if (layers.isFused()) {
                    program.callWithGradients("pack");
                }
                Map<String, Value> out = program.call("intermediate", views()).asMap();
                config.path("tolerance_eval").properties().forEach(entry -> {
                    Value actual = out.get(entry.getKey());
                    if (actual != null) {
                        Golden.assertClose(
                                entry.getKey(),
                                actual.asTensor(),
                                expected.get(entry.getKey()),
                                entry.getValue().path("atol").asDouble());
                    }
                });
                assertThat(out)
                        .containsKeys(
                                "features_global",
                                "features_left",
                                "gem_right",
                                "concatenated",
                                "fused",
                                "ordinal",
                                "distribution",
                                "binary");
                List<Value> probabilities = program.call(
                                "probabilities",
                                Value.of(input.get("global")),
                                Value.of(input.get("left")),
                                Value.of(input.get("right")))
                        .asList();
                Golden.assertClose(
                        "ordinal", probabilities.get(0).asTensor(), expected.get("probability_ordinal"), 4e-6);
                Golden.assertClose(
                        "distribution",
                        probabilities.get(1).asTensor(),
                        expected.get("probability_distribution"),
                        4e-6);
            }
        }
    }

    @Test
    void lossesAgreeInEvaluation() {
        try (Program program = training(Losses.PAPER)) {
            float[] losses = losses(program);
            JsonNode expected = config.path("eval_losses");
            assertThat(losses[0]).isCloseTo((float) expected.path("total").asDouble(), within(2e-6f));
            assertThat(losses[1]).isCloseTo((float) expected.path("ordinal").asDouble(), within(1e-6f));
            assertThat(losses[2])
                    .isCloseTo((float) expected.path("distribution").asDouble(), within(1e-6f));
            assertThat(losses[3]).isCloseTo((float) expected.path("binary").asDouble(), within(1e-6f));
        }
    }

    @Test
    void weightsAndWidthsOfLossesAreAdjustable() throws IOException {
        JsonNode other = Golden.json(Golden.copy("fusenet/other_readings.json"));
        JsonNode thresholds = other.path("ordinal_loss_by_threshold_weights");
        check(new Losses(1, 1, 1, 1, 2, 1, 1, 0, List.of()), 1, thresholds.path("w_first=2,w_last=1"));
        check(new Losses(1, 1, 1, 1, 1, 3, 1, 0, List.of()), 1, thresholds.path("w_first=1,w_last=3"));
        check(
                new Losses(1, 1, 1, 1, 1, 1, 0.5, 0, List.of()),
                2,
                other.path("distribution_loss_by_sigma").path("0.5"));
        check(
                new Losses(1, 1, 1, 1, 1, 1, 2, 0, List.of()),
                2,
                other.path("distribution_loss_by_sigma").path("2.0"));
        check(
                new Losses(0.5, 2, 0.25, 1, 1, 1, 1, 0, List.of()),
                0,
                other.path("total_loss_by_lambda").path("(0.5, 2.0, 0.25)"));
    }

    /** The reference took these in training mode. */
    private void check(Losses losses, int term, JsonNode expected) {
        try (Program program = training(losses)) {
            program.train();
            assertThat(losses(program)[term]).isCloseTo((float) expected.asDouble(), within(3e-6f));
        }
    }

    private Program training(Losses losses) {
        ProgramModule module = TrainingProgram.of(grader, Layers.plain(), losses);
        WeightSource.named(weights, "weights").fill(module);
        Path file = folder.resolve("training.pt");
        ProgramArchive.write(module, file, Map.of());
        return Program.openTrainable(file, Device.CPU, 1);
    }

    private float[] losses(Program program) {
        return program.callWithGradients(
                        "losses",
                        Value.of(input.get("global")),
                        Value.of(input.get("left")),
                        Value.of(input.get("right")),
                        Value.of(input.get("grade")))
                .asTensor()
                .toFloats();
    }

    @Test
    void heatMapsAgreeForThePredictedAndForGivenClasses() throws IOException {
        JsonNode golden = Golden.json(Golden.copy("gradcam/gradcam.json"));
        Map<String, Tensor> expected = Golden.tensors(Golden.copy("gradcam/gradcam.safetensors"));
        ProgramModule module = grader.program(Layers.plain());
        WeightSource.named(weights, "weights").fill(module);
        Path file = folder.resolve("cam.pt");
        ProgramArchive.write(module, file, Map.of());
        try (Program program = Program.openTrainable(file, Device.CPU, 1)) {
            Value views = Value.list(
                    expected.get("small/global/input"),
                    expected.get("small/left/input"),
                    expected.get("small/right/input"));
            Map<String, Value> predicted = program.callWithGradients("gradcam", views, Value.of(Golden.longs(-1, -1)))
                    .asMap();
            for (JsonNode map : golden.path("maps")) {
                String[] key = map.path("key").asText().split("/", -1);
                if (!key[0].equals("small")) {
                    continue;
                }
                String view = key[1];
                int image = Integer.parseInt(key[2]);
                String at = "small/" + view + "/" + image + "/";
                assertThat(predicted.get("classes").asTensor().toFloats()[image])
                        .isEqualTo(map.path("predicted_class").asInt());
                double tolerance =
                        map.path("tolerance_cam_upsampled").path("atol").asDouble();
                Golden.assertClose(
                        at, row(predicted, "upsampled/" + view, image), expected.get(at + "cam_upsampled"), tolerance);
                Golden.assertClose(at, row(predicted, "cam/" + view, image), expected.get(at + "cam"), tolerance);
                for (int chosen = 0; chosen < 5; chosen++) {
                    Tensor cam = expected.get(at + "class" + chosen + "/cam");
                    if (cam != null) {
                        Map<String, Value> given = program.callWithGradients(
                                        "gradcam", views, Value.of(Golden.longs(chosen, chosen)))
                                .asMap();
                        Golden.assertClose(at + chosen, row(given, "cam/" + view, image), cam, 4e-5);
                    }
                }
            }
        }
    }

    private static Tensor row(Map<String, Value> maps, String name, int image) {
        Tensor all = maps.get(name).asTensor();
        long[] shape = java.util.Arrays.copyOfRange(all.shape(), 1, all.shape().length);
        int size = (int) (all.elements() / all.shape()[0]);
        return Tensor.of(java.util.Arrays.copyOfRange(all.toFloats(), image * size, (image + 1) * size), shape);
    }
}
