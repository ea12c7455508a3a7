package io.patella.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.engine.Decoding;
import io.patella.engine.Device;
import io.patella.engine.Prediction;
import io.patella.engine.Program;
import io.patella.engine.Resident;
import io.patella.engine.Value;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.grader.Backbone;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.grader.Head;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.training.Losses;
import io.patella.network.training.TrainingProgram;
import io.patella.network.weights.Tensor;
import io.patella.statistics.cutpoints.Cutpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every grader as a program: opened plainly, with any backbone, learning in both precisions. */
class GraderProgramTest {
    private static final int SIZE = 64;

    @TempDir
    Path folder;

    private static Backbone backbone(String madeBy, String config) throws IOException {
        return Backbone.of(madeBy, new ObjectMapper().readTree(config));
    }

    private static Backbone convnext() throws IOException {
        return backbone("timm.models.convnext.ConvNeXt", "{\"depths\":[1,1,1,1],\"dims\":[8,12,16,24]}");
    }

    private static Backbone resnet() throws IOException {
        return backbone(
                "timm.models.resnet.ResNet",
                "{\"block\":\"BasicBlock\",\"layers\":[1,1,1,1],\"channels\":[6,8,10,14]}");
    }

    private static Backbone transformer() throws IOException {
        return backbone(
                "timm.models.vision_transformer.VisionTransformer",
                "{\"img_size\":64,\"patch_size\":16,\"embed_dim\":24,\"depth\":2,\"num_heads\":3,\"num_classes\":0}");
    }

    /** A grader by name over small backbones of another kind in each stream. */
    private static Grader small(String name) throws IOException {
        Grader grader = Graders.byName(name);
        return grader.with(
                grader.global() == null
                        ? null
                        : name.startsWith("orthofoundation") || name.startsWith("embedding")
                                ? transformer()
                                : convnext(),
                grader.patches() == null ? null : resnet());
    }

    private static Tensor pictures(int images, long seed) {
        float[] values = new float[images * 3 * SIZE * SIZE];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, images, 3, SIZE, SIZE);
    }

    @Test
    void plainDjlOpensTheFile() throws Exception {
        Path file = folder.resolve("model.pt");
        ProgramModule module = small("kl-fusenet").program(Layers.plain());
        WeightSource.seeded(1).fill(module);
        ProgramArchive.write(module, file, Map.of());
        Program.open(file, Device.CPU, 1).close(); // the engine's natives come from its own cache in tests
        Criteria<NDList, NDList> criteria = Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optModelPath(file)
                .optEngine("PyTorch")
                .build();
        try (ZooModel<NDList, NDList> model = criteria.loadModel();
                Predictor<NDList, NDList> predictor = model.newPredictor();
                NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray picture = manager.ones(new Shape(2, 3, SIZE, SIZE));
            NDList heads = predictor.predict(new NDList(picture, picture, picture));
            assertThat(heads.get(0).getShape()).isEqualTo(new Shape(2, 4));
            assertThat(heads.get(1).getShape()).isEqualTo(new Shape(2, 5));
            assertThat(heads.get(2).getShape()).isEqualTo(new Shape(2, 1));
        }
    }

    @Test
    void everyNamedGraderAnswersAndLearns() throws IOException {
        for (String name : Graders.names()) {
            Grader grader = small(name).withDropout(0);
            ProgramModule module = TrainingProgram.of(grader, Layers.plain(), Losses.PAPER);
            WeightSource.seeded(3).fill(module);
            Path file = folder.resolve(name + ".pt");
            ProgramArchive.write(module, file, Map.of());
            try (Program program = Program.openTrainable(file, Device.CPU, 1)) {
                List<Value> out = program.call("probabilities", views(4)).asList();
                int classes = grader.scale().classes();
                assertThat(out.get(0).asTensor().shape())
                        .as(name)
                        .containsExactly(4, grader.heads().contains(Head.ORDINAL) ? classes - 1 : 0);
                assertThat(out.get(1).asTensor().shape()).as(name).containsExactly(4, classes);
                assertThat(out.get(2).asTensor().shape())
                        .as(name)
                        .containsExactly(4, grader.heads().contains(Head.BINARY) ? 1 : 0);
                theShareOfRightGradesIsThatOfTheDecodedAnswers(program, grader);
                float[] losses = learn(program, grader, 12);
                assertThat(losses[losses.length - 1]).as(name).isLessThan(losses[0] * 0.97f);
            }
        }
    }

    private static void theShareOfRightGradesIsThatOfTheDecodedAnswers(Program program, Grader grader) {
        int[] grades = {0, 1, 2, 3, 4, 0, 2, 4};
        List<Value> arguments = new ArrayList<>(Arrays.asList(views(grades.length)));
        arguments.add(Value.of(Golden.longs(0, 1, 2, 3, 4, 0, 2, 4)));
        List<Value> out =
                program.call("evaluate", arguments.toArray(new Value[0])).asList();
        List<Prediction> predictions = new Decoding(grader.scale(), Cutpoints.HALF)
                .predictions(
                        out.get(0).asTensor(), out.get(1).asTensor(), out.get(2).asTensor());
        int[] reference = Decoding.merged(grader.scale(), grades);
        int right = 0;
        for (int i = 0; i < grades.length; i++) {
            right += predictions.get(i).grade() == reference[i] ? 1 : 0;
        }
        assertThat(out.get(3).asTensor().toFloats()[4]).as(grader.name()).isEqualTo(right / (float) grades.length);
    }

    @Test
    void bfloat16LearnsAsFloat32DoesWithinItsPrecision() throws IOException {
        Grader grader = small("kl-fusenet").withDropout(0);
        List<float[]> losses = new ArrayList<>();
        for (Layers layers : List.of(Layers.plain(), Layers.castingToBfloat16())) {
            ProgramModule module = TrainingProgram.of(grader, layers, Losses.PAPER);
            WeightSource.seeded(3).fill(module);
            Path file = folder.resolve("precision.pt");
            ProgramArchive.write(module, file, Map.of());
            try (Program program = Program.openTrainable(file, Device.CPU, 1)) {
                losses.add(learn(program, grader, 5));
            }
        }
        for (int step = 0; step < 5; step++) {
            float exact = losses.get(0)[step];
            assertThat(losses.get(1)[step]).isCloseTo(exact, within(0.05f * exact));
        }
        assertThat(losses.get(1)).isNotEqualTo(losses.get(0));
    }

    @Test
    void frozenBackbonesGetNoGradient() throws IOException {
        Grader grader = small("embedding-mlp").withDropout(0);
        ProgramModule module = TrainingProgram.of(grader, Layers.plain(), Losses.PAPER);
        WeightSource.seeded(3).fill(module);
        Path file = folder.resolve("frozen.pt");
        ProgramArchive.write(module, file, Map.of());
        try (Program program = Program.openTrainable(file, Device.CPU, 1)) {
            Resident parameters = program.parameters();
            Resident sum = program.zerosLike(parameters);
            List<Value> arguments = new ArrayList<>(Arrays.asList(views(2)));
            arguments.addAll(List.of(Value.of(Golden.longs(1, 3)), Value.of(parameters), Value.of(sum), Value.of(1.0)));
            program.callWithGradients("accumulate", arguments.toArray(new Value[0]));
            sum.read().forEach((name, gradient) -> {
                double largest = 0;
                for (float value : gradient.toFloats()) {
                    largest = Math.max(largest, Math.abs(value));
                }
                if (Grader.isBackbone(name)) {
                    assertThat(largest).as(name).isZero();
                } else {
                    assertThat(largest).as(name).isPositive();
                }
            });
        }
    }

    @Test
    void nothingMovesWhenTheLossIsNotANumber() throws IOException {
        Grader grader = small("chavoshi-resnet18");
        ProgramModule module = TrainingProgram.of(grader, Layers.plain(), Losses.PAPER);
        WeightSource.seeded(3).fill(module);
        Path file = folder.resolve("nan.pt");
        ProgramArchive.write(module, file, Map.of());
        try (Program program = Program.openTrainable(file, Device.CPU, 1)) {
            Resident parameters = program.parameters();
            Map<String, Tensor> before = new LinkedHashMap<>(parameters.read());
            float[] broken = pictures(2, 1).toFloats();
            Arrays.fill(broken, Float.NaN);
            Value picture = Value.of(Tensor.of(broken, 2, 3, SIZE, SIZE));
            List<Value> arguments = new ArrayList<>(List.of(picture, picture, picture, Value.of(Golden.longs(0, 4))));
            arguments.addAll(state(program, parameters));
            float[] out = program.callWithGradients("train_step", arguments.toArray(new Value[0]))
                    .asTensor()
                    .toFloats();
            assertThat(out[0]).isNaN();
            parameters
                    .read()
                    .forEach((name, tensor) -> assertThat(tensor.toFloats())
                            .as(name)
                            .isEqualTo(before.get(name).toFloats()));
        }
    }

    private static Value[] views(int images) {
        return new Value[] {Value.of(pictures(images, 1)), Value.of(pictures(images, 2)), Value.of(pictures(images, 3))
        };
    }

    private static List<Value> state(Program program, Resident parameters) {
        Resident statistics = program.resident("buffers");
        long backbones = parameters.names().stream().filter(Grader::isBackbone).count();
        return List.of(
                Value.of(parameters),
                Value.of(program.zerosLike(parameters)),
                Value.of(program.zerosLike(parameters)),
                Value.of(program.scalarsLike(parameters)),
                Value.of(program.copyOf(parameters)),
                Value.of(statistics),
                Value.of(program.copyOf(statistics)),
                Value.of(backbones),
                Value.list(2e-3, 4e-3, 1e-4, 1e-8, 0, 0.999));
    }

    /** The total loss of each step on one batch. */
    private static float[] learn(Program program, Grader grader, int steps) {
        program.train();
        Resident all = program.parameters();
        List<String> moved = all.names().stream()
                .filter(name -> grader.trainable() == Grader.Trainable.ALL || !Grader.isBackbone(name))
                .toList();
        List<Value> state = state(program, all.select(moved));
        float[] losses = new float[steps];
        for (int step = 0; step < steps; step++) {
            List<Value> arguments = new ArrayList<>(Arrays.asList(views(4)));
            arguments.add(Value.of(Golden.longs(0, 1, 3, 4)));
            arguments.addAll(state);
            losses[step] = program.callWithGradients("train_step", arguments.toArray(new Value[0]))
                    .asTensor()
                    .toFloats()[0];
        }
        return losses;
    }
}
