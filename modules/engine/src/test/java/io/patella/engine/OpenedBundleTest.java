package io.patella.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.imaging.Gray8;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Backbone;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.grader.Scale;
import io.patella.network.preparation.CounterRandom;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.ProgramTensor;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import io.patella.statistics.cutpoints.Cutpoints;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenedBundleTest {
    private static final List<Double> CUTPOINTS = List.of(0.45, 0.48, 0.5, 0.52);

    @TempDir
    Path folder;

    private Path bundle;

    @BeforeEach
    void writeABundle() throws Exception {
        bundle = write(fuseNet(), "bundle");
    }

    private static Grader fuseNet() throws Exception {
        ObjectMapper json = new ObjectMapper();
        return Graders.fuseNet(
                json.readTree("{\"depths\":[1,1,1,1],\"dims\":[8,8,12,16]}"),
                json.readTree("{\"block\":\"basic\",\"layers\":[1,1,1,1],\"channels\":[8,8,12,16]}"));
    }

    private Path write(Grader grader, String name) {
        ProgramModule network = grader.program(Layers.plain());
        WeightSource.seeded(11).fill(network);
        Path model = folder.resolve(name + ".pt");
        ProgramArchive.write(network, model, Map.of());
        Path target = folder.resolve(name);
        Bundle.write(
                target,
                new BundleDescription(
                        name,
                        grader.json(),
                        Preparation.standard(64).with(Preparation.Views.FOUR),
                        CUTPOINTS,
                        new ObjectMapper().createObjectNode(),
                        List.of("1")),
                model,
                "a card");
        return target;
    }

    private static List<Gray8> pictures(int n) {
        List<Gray8> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            CounterRandom random = new CounterRandom(i);
            int width = 64 + (i % 3) * 13;
            byte[] pixels = new byte[width * 70];
            int light = 30 + random.below(150);
            for (int k = 0; k < pixels.length; k++) {
                pixels[k] = (byte) (light + random.below(50));
            }
            all.add(new Gray8(width, 70, pixels));
        }
        return all;
    }

    private OpenedBundle open(ExecutionMode mode, int threads) {
        return OpenedBundle.open(bundle, Device.CPU, mode, threads);
    }

    @Test
    void aBatchOfOneIsABatchOfMany() {
        List<Gray8> pictures = pictures(20);
        try (OpenedBundle grader = open(ExecutionMode.CPU_F32, 1)) {
            List<Prediction> together = grader.grade(pictures);
            assertThat(together).hasSize(20);
            assertThat(grader.grade(List.of())).isEmpty();
            for (int i = 0; i < 20; i++) {
                close(grader.grade(List.of(pictures.get(i))).get(0), together.get(i), 1e-5);
            }
        }
    }

    @Test
    void strictModeGivesTheSameBitsForAnyBatchAndThreadCount() throws Exception {
        List<Gray8> pictures = pictures(12);
        List<Prediction> first;
        try (OpenedBundle grader = open(ExecutionMode.CPU_F32_STRICT, 1)) {
            first = grader.grade(pictures);
            List<Prediction> singly = new ArrayList<>();
            pictures.forEach(each -> singly.addAll(grader.grade(List.of(each))));
            assertThat(singly).isEqualTo(first);
        }
        try (OpenedBundle grader = open(ExecutionMode.CPU_F32_STRICT, 2)) {
            ExecutorService pool = Executors.newFixedThreadPool(3);
            try {
                List<Future<List<Prediction>>> parts = new ArrayList<>();
                for (int i = 0; i < 12; i += 4) {
                    List<Gray8> part = pictures.subList(i, i + 4);
                    parts.add(pool.submit(() -> grader.grade(part)));
                }
                List<Prediction> all = new ArrayList<>();
                for (Future<List<Prediction>> each : parts) {
                    all.addAll(each.get());
                }
                assertThat(all).isEqualTo(first);
            } finally {
                pool.shutdownNow();
            }
        }
    }

    @Test
    void everyModeOfTheProcessorTellsTheSameStory() {
        List<Gray8> pictures = pictures(4);
        try (OpenedBundle strict = open(ExecutionMode.CPU_F32_STRICT, 1);
                OpenedBundle two = open(ExecutionMode.CPU_F32, 2);
                OpenedBundle half = open(ExecutionMode.CPU_BF16, 1)) {
            List<Prediction> truth = strict.grade(pictures);
            List<Prediction> same = two.grade(pictures);
            List<Prediction> near = half.grade(pictures);
            for (int i = 0; i < 4; i++) {
                close(same.get(i), truth.get(i), 1e-5);
                close(near.get(i), truth.get(i), 2e-2);
            }
            PrecisionDifference cost = half.differenceFrom(strict, pictures);
            assertThat(cost.images()).isEqualTo(4);
            assertThat(cost.largest()).isBetween(1e-6, 2e-2);
            assertThat(cost.mean()).isBetween(1e-7, cost.largest());
            assertThat(cost.changed()).isLessThanOrEqualTo(cost.near());
        }
    }

    @Test
    void predictionsAreDistributionsAndFollowTheirCutpoints() {
        try (OpenedBundle grader = open(ExecutionMode.CPU_F32, 1)) {
            for (Prediction each : grader.grade(pictures(5))) {
                assertThat(each.distribution().stream().mapToDouble(p -> p).sum())
                        .isCloseTo(1, within(1e-6));
                List<Double> p = each.distribution();
                assertThat(each.pKlGe2()).isEqualTo(p.get(2) + p.get(3) + p.get(4));
                int passed = 0;
                for (int k = 0; k < 4; k++) {
                    passed += each.ordinal().get(k) > CUTPOINTS.get(k) ? 1 : 0;
                }
                assertThat(each.grade()).isEqualTo(passed);
                assertThat(each.binary()).isBetween(0.0, 1.0);
                assertThat(each.scale()).isEqualTo(Scale.FIVE);
            }
            assertThat(grader.model()).startsWith("sha256:");
            assertThat(grader.preparation())
                    .isEqualTo(Preparation.standard(64)
                            .with(Preparation.Views.FOUR)
                            .hash());
        }
    }

    @Test
    void theAverageOfViewsIsTheMeanOfWhatTheNetworkSaysToEach() {
        List<Gray8> one = pictures(1);
        try (OpenedBundle four = open(ExecutionMode.CPU_F32_STRICT, 1);
                OpenedBundle single = OpenedBundle.open(
                        bundle,
                        Device.CPU,
                        ExecutionMode.CPU_F32_STRICT,
                        1,
                        Preparation.Views.ONE,
                        Preparation.Average.PROBABILITIES)) {
            assertThat(single.preparation()).isNotEqualTo(four.preparation());
            Prediction averaged = four.grade(one).get(0);
            Prediction plain = single.grade(one).get(0);
            assertThat(averaged.distribution()).isNotEqualTo(plain.distribution());
            close(averaged, plain, 0.1);
        }
    }

    @Test
    void aMirroredKneeGetsTheSameAnswerWithTwoViews() {
        List<Gray8> pictures = pictures(6);
        List<Gray8> mirrored = pictures.stream().map(OpenedBundleTest::mirrored).toList();
        for (Preparation.Average average : Preparation.Average.values()) {
            try (OpenedBundle two = OpenedBundle.open(
                    bundle, Device.CPU, ExecutionMode.CPU_F32_STRICT, 1, Preparation.Views.TWO, average)) {
                List<Prediction> plain = two.grade(pictures);
                List<Prediction> turned = two.grade(mirrored);
                for (int i = 0; i < 6; i++) {
                    close(turned.get(i), plain.get(i), 1e-6); // rounding: the resize is not symmetric to the last bit
                }
            }
        }
    }

    private static Gray8 mirrored(Gray8 picture) {
        byte[] pixels = new byte[picture.pixels().length];
        int width = picture.width();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = picture.pixels()[i - i % width + width - 1 - i % width];
        }
        return new Gray8(width, picture.height(), pixels);
    }

    @Test
    void averagesOfProbabilitiesAndOfLogitsAreTheReferences() throws Exception {
        JsonNode golden;
        try (InputStream in = getClass().getResourceAsStream("/golden/units/tta_average.json")) {
            golden = new ObjectMapper().readTree(in);
        }
        for (Preparation.Average average : Preparation.Average.values()) {
            ProgramModule said = new ProgramModule("Said")
                    .buffer("o", constant(golden.get("ordinal_logits"), 4))
                    .buffer("d", constant(golden.get("distribution_logits"), 5))
                    .buffer("b", constant(golden.get("binary_logits"), 1))
                    .method("joined(whole: Tensor, left: Tensor, right: Tensor) -> Tensor", "return self.o")
                    .method(
                            "logits_of(joined: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                            "return (self.o, self.d, self.b)")
                    .method(
                            "probabilities_of(joined: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                            "return (torch.sigmoid(self.o), torch.softmax(self.d, 1), torch.sigmoid(self.b))");
            Path file = folder.resolve(average + ".pt");
            Preparation preparation =
                    Preparation.standard(16).with(Preparation.Views.EIGHT).with(average);
            ProgramArchive.write(GradingModule.of(said, preparation, Layers.plain()), file, Map.of());
            JsonNode expected = golden.get("average_of_" + average.word());
            try (Program program = Program.open(file, Device.CPU, 1)) {
                List<Value> out = program.call(
                                "grade",
                                Value.list(new Tensor(
                                        ElementType.U8, new long[] {4, 16, 16}, ByteBuffer.allocate(4 * 256))))
                        .asList();
                compare(out.get(0).asTensor(), expected.get("ordinal"));
                compare(out.get(1).asTensor(), expected.get("distribution"));
                compare(out.get(2).asTensor(), expected.get("binary"));
                List<Prediction> predictions = new Decoding(Scale.FIVE, Cutpoints.HALF)
                        .predictions(
                                out.get(0).asTensor(),
                                out.get(1).asTensor(),
                                out.get(2).asTensor());
                for (int i = 0; i < 4; i++) {
                    assertThat(predictions.get(i).grade())
                            .isEqualTo(expected.get("grade_at_0.5").get(i).asInt());
                    assertThat(predictions.get(i).pKlGe2())
                            .isCloseTo(expected.get("p_kl_ge_2").get(i).asDouble(), within(1e-6));
                }
            }
        }
    }

    private static ProgramTensor constant(JsonNode views, int width) {
        float[] values = new float[8 * 4 * width];
        int at = 0;
        for (JsonNode view : views) {
            for (JsonNode image : view) {
                for (JsonNode logit : image) {
                    values[at++] = (float) logit.asDouble();
                }
            }
        }
        return ProgramTensor.constant(Tensor.of(values, 32, width));
    }

    private static void compare(Tensor ours, JsonNode theirs) {
        float[] values = ours.toFloats();
        int at = 0;
        for (JsonNode image : theirs) {
            for (JsonNode p : image) {
                assertThat((double) values[at++]).isCloseTo(p.asDouble(), within(1e-6));
            }
        }
        assertThat(at).isEqualTo(values.length);
    }

    @Test
    void gradersWithoutOrdinalHeadAndOnTheMergedScaleDecodeTheirWay() {
        Grader flat = Graders.byName("chavoshi-resnet18");
        try (OpenedBundle grader = OpenedBundle.open(write(flat, "flat"), Device.CPU, ExecutionMode.CPU_F32, 1)) {
            Prediction one = grader.grade(pictures(1)).get(0);
            assertThat(one.ordinal()).isNull();
            assertThat(one.binary()).isNull();
            double best = one.distribution().stream().mapToDouble(p -> p).max().orElseThrow();
            assertThat(one.distribution().get(one.grade())).isEqualTo(best);
        }
        Backbone small = Backbone.named("resnet18");
        Grader dual = Graders.byName("dualhead-4c").with(small, small);
        try (OpenedBundle grader = OpenedBundle.open(write(dual, "dual"), Device.CPU, ExecutionMode.CPU_F32, 1)) {
            Prediction one = grader.grade(pictures(1)).get(0);
            assertThat(one.scale()).isEqualTo(Scale.FOUR);
            assertThat(one.ordinal().get(0)).isEqualTo(one.ordinal().get(1));
            assertThat(one.distribution().get(1)).isZero();
            assertThat(one.grade()).isIn(0, 2, 3, 4);
        }
    }

    @Test
    void plainDjlOpensTheModelOfABundle() throws Exception {
        Criteria<NDList, NDList> criteria = Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optModelPath(bundle.resolve("model.pt"))
                .optEngine("PyTorch")
                .build();
        try (ZooModel<NDList, NDList> model = criteria.loadModel();
                Predictor<NDList, NDList> predictor = model.newPredictor()) {
            NDArray view = model.getNDManager().ones(new Shape(2, 3, 64, 64));
            NDList logits = predictor.predict(new NDList(view, view, view));
            assertThat(logits).hasSize(3);
            assertThat(logits.get(1).getShape()).isEqualTo(new Shape(2, 5));
        }
    }

    @Test
    void heatmapsShowWhatEachStreamSaw() {
        try (OpenedBundle grader = open(ExecutionMode.CPU_F32, 1)) {
            List<OpenedBundle.Heatmap> maps = grader.heatmaps(pictures(2)).get(1);
            assertThat(maps).extracting(OpenedBundle.Heatmap::view).containsExactly("global", "left", "right");
            for (OpenedBundle.Heatmap each : maps) {
                assertThat(each.heat().shape()).containsExactly(64, 64);
                assertThat(each.picture().width()).isEqualTo(64);
                for (float heat : each.heat().toFloats()) {
                    assertThat(heat).isBetween(0f, 1f);
                }
            }
        }
    }

    /** Stripes as broad as they are light: what "knees" are in this test. */
    private static Gray8 striped(int i) {
        CounterRandom random = new CounterRandom(77, i);
        int period = 9 + 4 * (i % 5);
        byte[] pixels = new byte[64 * 64];
        for (int k = 0; k < pixels.length; k++) {
            pixels[k] = (byte) (((k % 64) % period < period / 2 ? 60 : 170) + random.below(30));
        }
        return new Gray8(64, 64, pixels);
    }

    private static Gray8 noise(int i) {
        CounterRandom random = new CounterRandom(78, i);
        byte[] pixels = new byte[64 * 64];
        for (int k = 0; k < pixels.length; k++) {
            pixels[k] = (byte) random.below(256);
        }
        return new Gray8(64, 64, pixels);
    }

    private static Gray8 blank() {
        byte[] pixels = new byte[64 * 64];
        Arrays.fill(pixels, (byte) 130);
        return new Gray8(64, 64, pixels);
    }

    @Test
    void picturesUnlikeThoseItLearnedFromAreFlaggedBesidesTheirGrade() {
        String before;
        List<Prediction> plain;
        List<Gray8> odd = List.of(noise(1), noise(2), blank());
        try (OpenedBundle grader = open(ExecutionMode.CPU_F32, 1)) {
            before = grader.model();
            plain = grader.grade(odd);
            assertThat(plain.get(0).flag()).isNull();
            assertThat(plain.get(0).atypicality()).isNull();
            assertThat(plain.get(2).flag().reason())
                    .as("a blank needs no measure")
                    .isEqualTo(Flag.Reason.BLANK);
        }
        List<TypicalPictures.Labelled> learned = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            learned.add(new TypicalPictures.Labelled(striped(i), i % 5, i < 100 ? Part.TRAIN : Part.VALIDATION));
        }
        String model = TypicalPictures.addTo(bundle, Device.CPU, 1, 100, learned.iterator());
        assertThat(model).isNotEqualTo(before);
        for (ExecutionMode mode : List.of(ExecutionMode.CPU_F32, ExecutionMode.CPU_BF16)) {
            try (OpenedBundle grader = open(mode, 1)) {
                assertThat(grader.model()).isEqualTo(model);
                assertThat(grader.knowsTypicalPictures()).isTrue();
                List<Prediction> flagged = grader.grade(odd);
                for (int i = 0; i < 2; i++) {
                    assertThat(flagged.get(i).flag().reason()).isEqualTo(Flag.Reason.OUT_OF_DISTRIBUTION);
                    assertThat(flagged.get(i).atypicality()).isGreaterThan(1);
                    close(flagged.get(i), plain.get(i), 2e-2);
                }
                assertThat(flagged.get(0).flag().detail()).contains("unlike the knees this grader learned from");
                assertThat(flagged.get(2).flag().reason()).isEqualTo(Flag.Reason.BLANK);
                List<Gray8> alike = new ArrayList<>();
                for (int i = 1000; i < 1050; i++) {
                    alike.add(striped(i));
                }
                assertThat(grader.grade(alike))
                        .filteredOn(each -> each.flag() != null)
                        .hasSizeLessThan(10);
            }
        }
    }

    @Test
    void modesAreDetectedAndCheckedAgainstTheDevice() {
        assertThat(ExecutionMode.standard(List.of("processor : 0", "flags\t\t: fpu avx512_bf16 sse")))
                .isEqualTo(ExecutionMode.CPU_BF16);
        assertThat(ExecutionMode.standard(List.of("flags : amx_bf16"))).isEqualTo(ExecutionMode.CPU_BF16);
        assertThat(ExecutionMode.standard(List.of("flags : fpu avx2 fma"))).isEqualTo(ExecutionMode.CPU_F32);
        assertThat(ExecutionMode.parse("cuda-bf16", "mode")).isEqualTo(ExecutionMode.CUDA_BF16);
        assertThatThrownBy(() -> ExecutionMode.parse("fast", "grade.yaml: mode"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("unknown execution mode: fast (use one of [cpu-f32-strict,");
        assertThatThrownBy(() -> open(ExecutionMode.CUDA_F32, 1))
                .hasMessageContaining("does not run on device cpu: cuda-f32");
    }

    private static void close(Prediction a, Prediction b, double tolerance) {
        for (int k = 0; k < 4; k++) {
            assertThat(a.ordinal().get(k)).isCloseTo(b.ordinal().get(k), within(tolerance));
        }
        for (int k = 0; k < 5; k++) {
            assertThat(a.distribution().get(k)).isCloseTo(b.distribution().get(k), within(tolerance));
        }
    }
}
