package io.patella.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.engine.OpenedBundle;
import io.patella.engine.Prediction;
import io.patella.imaging.Gray8;
import io.patella.network.architecture.WeightSource;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.preparation.Augmentation;
import io.patella.network.preparation.CounterRandom;
import io.patella.network.preparation.Preparation;
import io.patella.network.training.Losses;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.SafetensorsWriter;
import io.patella.network.weights.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final Preparation PREPARATION = Preparation.standard(32);
    private static final int SIDE = 32;

    @TempDir
    Path folder;

    private Grader grader;
    private TrainingSet set;
    private PictureCache cache;
    private final List<TrainingEvent> events = new ArrayList<>();

    @BeforeEach
    void makeTheSet() throws Exception {
        ObjectMapper json = new ObjectMapper();
        grader = Graders.fuseNet(
                json.readTree("{\"depths\":[1,1,1,1],\"dims\":[8,8,12,16]}"),
                json.readTree("{\"block\":\"basic\",\"layers\":[1,1,1,1],\"channels\":[8,8,12,16]}"));
        set = TrainingSet.of(examples(Part.TRAIN, 0, 40), examples(Part.VALIDATION, 500, 20));
        cache = PictureCache.open(folder.resolve("cache"), "made up", PREPARATION, this::pictures);
    }

    private static List<Example> examples(Part part, int first, int n) {
        List<Example> all = new ArrayList<>();
        for (int i = first; i < first + n; i++) {
            all.add(new Example("i" + i, "p" + i / 2, i % 5, "s" + i, part));
        }
        return all;
    }

    /** A bright band whose height says the grade, on noise. */
    private Iterator<PictureCache.Named> pictures() {
        List<PictureCache.Named> all = new ArrayList<>();
        List<Example> both = new ArrayList<>(set.train());
        both.addAll(set.validation());
        for (Example each : both) {
            CounterRandom random = new CounterRandom(each.imageId().hashCode());
            byte[] pixels = new byte[SIDE * SIDE];
            int top = 4 + random.below(4);
            int height = 2 + 5 * each.grade();
            for (int i = 0; i < pixels.length; i++) {
                boolean band = i / SIDE >= top && i / SIDE < top + height;
                pixels[i] = (byte) ((band ? 170 : 60) + random.below(30));
            }
            all.add(new PictureCache.Named(each.imageId(), new Gray8(SIDE, SIDE, pixels)));
        }
        return all.iterator();
    }

    private static Recipe recipe(int epochs, int batch, int accumulation, double rate, Recipe.Sampling sampling) {
        return new Recipe(
                epochs,
                batch,
                accumulation,
                rate,
                2 * rate,
                1e-4,
                new Schedule(Schedule.Reading.STEP, 1, 0),
                1,
                0.9,
                Recipe.EmaRamp.TEN,
                50,
                sampling,
                0,
                List.of(),
                Augmentation.PAPER,
                Recipe.Thresholds.TRAINED,
                Recipe.Precision.FLOAT32,
                42);
    }

    private TrainingPlan plan(Recipe recipe) {
        return new TrainingPlan(
                grader, WeightSource.seeded(7), "seed 7", Losses.PAPER, PREPARATION, recipe, Device.CPU, 1);
    }

    private Trainer trainer(Recipe recipe, String run, UnaryOperator<TrainingEvent> tap) {
        return new Trainer(plan(recipe), set, cache, folder.resolve(run), event -> events.add(tap.apply(event)));
    }

    private Trained train(Recipe recipe, String run) {
        return trainer(recipe, run, event -> event).run();
    }

    @Test
    void aNetworkLearnsWhatCanBeSeen() {
        Trained trained = train(recipe(20, 8, 1, 4e-3, Recipe.Sampling.SHUFFLED), "learn");
        Epoch best = trained.history().get(trained.bestEpoch() - 1);
        assertThat(best.bestQwk()).isGreaterThan(0.8);
        assertThat(trained.history().get(19).train().total())
                .isLessThan(0.8 * trained.history().get(0).train().total());
        assertThat(trained.history())
                .allSatisfy(each -> assertThat(each.trainAccuracy()).isBetween(0.0, 1.0));
        assertThat(trained.history().get(19).trainAccuracy())
                .isGreaterThan(0.3 + trained.history().get(0).trainAccuracy());
        assertThat(trained.cutpoints()).isNotNull();
        assertThat(trained.cutpoints().qwk().value()).isGreaterThanOrEqualTo(best.bestQwk() - 1e-9);
        assertThat(trained.validation().answers()).hasSize(20);
        assertThat(trained.stopped().reason()).isEqualTo(TrainingEvent.Reason.EPOCHS_DONE);
        assertThat(trained.weights())
                .containsKeys("gem_global.p", "patch_backbone.bn1.running_mean", "head_ordinal.weight");
    }

    @Test
    void aRunThatWasStoppedAnywhereEndsWithTheSameBits() throws Exception {
        for (int accumulation = 1; accumulation <= 2; accumulation++) {
            Recipe recipe = recipe(3, 8, accumulation, 1e-3, Recipe.Sampling.SHUFFLED);
            Trained whole = train(recipe, "whole" + accumulation);
            String run = "pieces" + accumulation;
            int stops = 0;
            for (int stopAt : List.of(1, 2, 2)) { // steps of a session, one inside of each epoch
                AtomicReference<Trainer> running = new AtomicReference<>();
                int[] left = {stopAt};
                running.set(trainer(recipe, run, event -> {
                    if (event instanceof TrainingEvent.StepDone && --left[0] == 0) {
                        running.get().stop();
                    }
                    return event;
                }));
                stops += running.get().run().stopped().reason() == TrainingEvent.Reason.INTERRUPTED ? 1 : 0;
            }
            assertThat(stops).isEqualTo(3);
            Trained pieces = train(recipe, run);
            assertThat(losses(pieces)).isEqualTo(losses(whole));
            assertSameBits(
                    Checkpoint.tensors(folder.resolve(run).resolve("last.safetensors")),
                    Checkpoint.tensors(folder.resolve("whole" + accumulation).resolve("last.safetensors")));
            assertSameBits(pieces.weights(), whole.weights());
        }
    }

    @Test
    void aRunThatWasKilledGoesOnFromWhateverLayOnTheDisk() throws Exception {
        Recipe recipe = recipe(4, 8, 1, 1e-3, Recipe.Sampling.CLASS_BALANCED);
        List<Path> left = new ArrayList<>();
        Trained whole = trainer(recipe, "alive", event -> {
                    if (event instanceof TrainingEvent.Saved saved) { // what a kill at this moment leaves behind
                        left.add(copy(saved.file().getParent(), folder.resolve("killed" + left.size())));
                    }
                    return event;
                })
                .run();
        assertThat(left).hasSizeGreaterThan(4);
        for (Path run : left) {
            Trained again = train(recipe, run.getFileName().toString());
            assertSameBits(again.weights(), whole.weights());
            assertThat(losses(again)).isEqualTo(losses(whole));
            assertThat(again.cutpoints()).isEqualTo(whole.cutpoints());
        }
    }

    @Test
    void aRunThatAVersionWithoutTrainAccuracyBeganGoesOn() throws Exception {
        Recipe recipe = recipe(3, 8, 1, 1e-3, Recipe.Sampling.SHUFFLED);
        AtomicReference<Trainer> running = new AtomicReference<>();
        int[] left = {7};
        running.set(trainer(recipe, "old", event -> {
            if (event instanceof TrainingEvent.StepDone && --left[0] == 0) { // the second of epoch 2
                running.get().stop();
            }
            return event;
        }));
        running.get().run();
        Path last = folder.resolve("old").resolve("last.safetensors");
        Map<String, String> metadata;
        try (SafetensorsReader reader = SafetensorsReader.open(last)) {
            metadata = new java.util.HashMap<>(reader.metadata());
        }
        metadata.replaceAll((key, text) -> text.replaceAll("\"(train_)?accuracy\":[0-9.E-]+,(?=\"(steps|raw)\")", ""));
        assertThat(metadata.get("patella_training")).doesNotContain("train_accuracy");
        SafetensorsWriter.write(last, SafetensorsReader.read(last), metadata);
        Trained trained = train(recipe, "old");
        assertThat(trained.history()).extracting(Epoch::epoch).containsExactly(1, 2, 3);
        assertThat(trained.history().get(0).trainAccuracy()).isNull();
        assertThat(trained.history().get(1).trainAccuracy())
                .as("its first steps are not counted")
                .isNull();
        assertThat(trained.history().get(2).trainAccuracy()).isBetween(0.0, 1.0);
    }

    private static Path copy(Path from, Path to) {
        try (var files = Files.list(from)) {
            Files.createDirectories(to);
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(each.getFileName()));
            }
            return to;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aTrainedGraderBecomesABundleAndIsTrainedOnFromIt() {
        Recipe recipe = recipe(2, 8, 1, 1e-3, Recipe.Sampling.SHUFFLED);
        Trained trained = train(recipe, "first");
        Path bundle = folder.resolve("bundle");
        String hash = trained.writeBundle(
                bundle,
                "made-up",
                plan(recipe),
                PREPARATION,
                new ObjectMapper().createObjectNode().put("snapshot", 17),
                List.of("p900"),
                "card");
        try (OpenedBundle opened = OpenedBundle.open(bundle, Device.CPU, ExecutionMode.CPU_F32, 1)) {
            assertThat(opened.model()).isEqualTo(hash);
            assertThat(opened.description().training().get("best_epoch").asInt())
                    .isEqualTo(trained.bestEpoch());
            List<Example> validation = set.validation();
            Iterator<PictureCache.Named> all = pictures();
            Map<String, Gray8> byId = new java.util.HashMap<>();
            all.forEachRemaining(each -> byId.put(each.imageId(), each.picture()));
            for (Example each : validation.subList(0, 5)) {
                Prediction graded =
                        opened.grade(List.of(byId.get(each.imageId()))).get(0);
                Prediction seen = trained.validation().of(each.imageId());
                for (int k = 0; k < 5; k++) {
                    assertThat(graded.distribution().get(k))
                            .isCloseTo(seen.distribution().get(k), org.assertj.core.api.Assertions.within(1e-4));
                }
            }
        }
        TrainingPlan onward = TrainingPlan.fineTuning(
                bundle, Losses.PAPER, recipe(1, 8, 1, 0, Recipe.Sampling.SHUFFLED), Device.CPU, 1);
        assertThat(onward.startName()).isEqualTo(hash);
        Trained fine = new Trainer(onward, set, cache, folder.resolve("fine"), events::add).run();
        trained.weights().forEach((name, tensor) -> {
            if (!name.contains("running_") && !name.contains("num_batches")) { // rate 0: only statistics moved
                assertThat(fine.weights().get(name).bytes()).as(name).isEqualTo(tensor.bytes());
            }
        });
    }

    @Test
    void cutpointsAreTunedOnWhatTheBundleWillAnswerWithItsTestTimeViews() {
        Recipe recipe = recipe(1, 8, 1, 1e-3, Recipe.Sampling.SHUFFLED);
        Map<String, Gray8> byId = new java.util.HashMap<>();
        pictures().forEachRemaining(each -> byId.put(each.imageId(), each.picture()));
        List<Example> some = set.validation().subList(0, 6);
        for (Preparation.Average average : Preparation.Average.values()) {
            Preparation views =
                    PREPARATION.with(Preparation.Views.FOUR).with(average).with(Preparation.Exposure.STANDARDISE);
            TrainingPlan plan = new TrainingPlan(
                    grader, WeightSource.seeded(7), "seed 7", Losses.PAPER, views, recipe, Device.CPU, 1);
            Trained trained = new Trainer(plan, set, cache, folder.resolve(average.word()), events::add).run();
            Path bundle = folder.resolve("bundle-" + average.word());
            trained.writeBundle(
                    bundle, "made-up", plan, views, new ObjectMapper().createObjectNode(), List.of(), "card");
            try (OpenedBundle opened = OpenedBundle.open(bundle, Device.CPU, ExecutionMode.CPU_F32, 1)) {
                List<Prediction> graded = opened.grade(
                        some.stream().map(each -> byId.get(each.imageId())).toList());
                for (int i = 0; i < some.size(); i++) {
                    Prediction seen = trained.validation().of(some.get(i).imageId());
                    for (int k = 0; k < 4; k++) {
                        assertThat(graded.get(i).ordinal().get(k))
                                .as(average + " ordinal")
                                .isCloseTo(seen.ordinal().get(k), org.assertj.core.api.Assertions.within(1e-4));
                    }
                    for (int k = 0; k < 5; k++) {
                        assertThat(graded.get(i).distribution().get(k))
                                .as(average + " distribution")
                                .isCloseTo(seen.distribution().get(k), org.assertj.core.api.Assertions.within(1e-4));
                    }
                }
            }
        }
    }

    private static List<List<Object>> losses(Trained trained) {
        return trained.history().stream()
                .map(each -> List.<Object>of(each.train(), each.trainAccuracy()))
                .toList();
    }

    private static void assertSameBits(Map<String, Tensor> a, Map<String, Tensor> b) {
        assertThat(a.keySet()).isEqualTo(b.keySet()).isNotEmpty();
        a.forEach((name, tensor) ->
                assertThat(tensor.bytes()).as(name).isEqualTo(b.get(name).bytes()));
    }

    @Test
    void accumulatingHalvesGivesTheGradientOfTheWhole() {
        // without BatchNorm statistics of halves the two would be equal; the losses of the first step differ by them
        // alone
        Trained whole = train(recipe(1, 40, 1, 0, Recipe.Sampling.SHUFFLED), "whole");
        Trained halves = train(recipe(1, 20, 2, 0, Recipe.Sampling.SHUFFLED), "halves");
        assertThat(halves.history().get(0).train().total())
                .isCloseTo(whole.history().get(0).train().total(), org.assertj.core.api.Assertions.within(0.05));
        long steps =
                events.stream().filter(TrainingEvent.StepDone.class::isInstance).count();
        assertThat(steps).isEqualTo(2);
    }

    @Test
    void whatIsFrozenKeepsWeightsAndStatisticsAndTheRestLearns() {
        Recipe all = recipe(1, 8, 1, 4e-3, Recipe.Sampling.SHUFFLED);
        List<String> frozen =
                List.of("global_backbone.stem", "patch_backbone.conv1", "patch_backbone.bn1", "patch_backbone.layer1");
        Map<String, Tensor> before = train(with(all, 1, List.of("global_backbone", "patch_backbone")), "still")
                .weights();
        Map<String, Tensor> after = train(with(all, 1, frozen), "part").weights();
        int same = 0;
        int moved = 0;
        for (Map.Entry<String, Tensor> each : after.entrySet()) {
            boolean kept = frozen.stream().anyMatch(name -> each.getKey().startsWith(name + "."));
            boolean equal = each.getValue()
                    .bytes()
                    .equals(Objects.requireNonNull(before.get(each.getKey())).bytes());
            if (kept) {
                assertThat(equal).as(each.getKey()).isTrue();
                same++;
            } else if (each.getKey().startsWith("patch_backbone.layer2") && !equal) {
                moved++;
            }
        }
        assertThat(same).isGreaterThan(8);
        assertThat(moved).isGreaterThan(8); // the running statistics among them
    }

    private static Recipe with(Recipe recipe, int epochs, List<String> frozen) {
        return new Recipe(
                epochs,
                recipe.batch(),
                recipe.accumulation(),
                recipe.backboneRate(),
                recipe.headRate(),
                recipe.weightDecay(),
                recipe.schedule(),
                recipe.clip(),
                recipe.ema(),
                recipe.emaRamp(),
                recipe.patience(),
                recipe.sampling(),
                recipe.freezeEpochs(),
                frozen,
                recipe.augmentation(),
                recipe.thresholds(),
                recipe.precision(),
                recipe.seed());
    }

    @Test
    void centredThresholdsAreCutNoWorseAndNothingElseMoves() {
        Recipe trained = recipe(3, 8, 1, 4e-3, Recipe.Sampling.SHUFFLED);
        Recipe centred = new Recipe(
                trained.epochs(),
                trained.batch(),
                trained.accumulation(),
                trained.backboneRate(),
                trained.headRate(),
                trained.weightDecay(),
                trained.schedule(),
                trained.clip(),
                trained.ema(),
                trained.emaRamp(),
                trained.patience(),
                trained.sampling(),
                trained.freezeEpochs(),
                trained.frozen(),
                trained.augmentation(),
                Recipe.Thresholds.CENTRED,
                trained.precision(),
                trained.seed());
        Trained before = train(trained, "trained");
        Trained after = train(centred, "trained"); // the same run, ended in another way
        after.weights().forEach((name, tensor) -> {
            float[] one = Objects.requireNonNull(before.weights().get(name)).toFloats();
            if (name.equals("head_ordinal.bias")) {
                assertThat(tensor.toFloats()).isNotEqualTo(one);
            } else {
                assertThat(tensor.toFloats()).as(name).isEqualTo(one);
            }
        });
        assertThat(Objects.requireNonNull(after.cutpoints()).qwk().value())
                .isGreaterThanOrEqualTo(
                        Objects.requireNonNull(before.cutpoints()).qwk().value() - 1e-9);
    }

    @Test
    void aFrozenNameThatNothingHasIsRefused() {
        Recipe wrong = with(recipe(1, 8, 1, 1e-3, Recipe.Sampling.SHUFFLED), 1, List.of("global_backbone.blocks.77"));
        assertThatThrownBy(() -> train(wrong, "wrong"))
                .hasMessageContaining("recipe.frozen: no parameter's name begins so: [global_backbone.blocks.77]");
    }

    @Test
    void patienceEndsARunThatStandsStill() {
        Recipe still = new Recipe(
                20,
                8,
                1,
                0,
                0,
                0,
                Schedule.PAPER,
                0,
                0.999,
                Recipe.EmaRamp.NONE,
                2,
                Recipe.Sampling.SHUFFLED,
                0,
                List.of(),
                Augmentation.NONE,
                Recipe.Thresholds.TRAINED,
                Recipe.Precision.FLOAT32,
                1);
        Trained trained = train(still, "still");
        assertThat(trained.stopped().reason()).isEqualTo(TrainingEvent.Reason.PATIENCE);
        assertThat(trained.history().size()).isLessThan(20);
    }

    @Test
    void aLossThatIsNoNumberStopsTheRunAndNamesTheImages() {
        TrainingPlan plan = new TrainingPlan(
                grader,
                network -> {
                    WeightSource.seeded(7).fill(network);
                    network.tensors().get("head_ordinal.bias").put(Tensor.of(new float[] {Float.NaN, 0, 0, 0}, 4));
                },
                "broken",
                Losses.PAPER,
                PREPARATION,
                recipe(2, 8, 1, 1e-3, Recipe.Sampling.SHUFFLED),
                Device.CPU,
                1);
        assertThatThrownBy(() -> new Trainer(plan, set, cache, folder.resolve("nan"), events::add).run())
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("epoch 1, step 1: the loss is not a number; images of the step: i");
    }

    @Test
    void aFolderOfAnotherRunIsRefused() {
        train(recipe(1, 8, 1, 1e-3, Recipe.Sampling.SHUFFLED), "taken");
        assertThatThrownBy(() -> train(recipe(1, 8, 1, 2e-3, Recipe.Sampling.SHUFFLED), "taken"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds the checkpoint of another run");
    }

    @Test
    void aCheckpointThatCannotBeWrittenLeavesTheOldOne() throws Exception {
        Path file = folder.resolve("last.safetensors");
        Checkpoint.Progress progress = Checkpoint.Progress.start("run");
        Checkpoint.write(file, progress, Map.of("a", Tensor.of(new float[] {1}, 1)));
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(
                        () -> Checkpoint.write(folder.resolve("gone").resolve("last.safetensors"), progress, Map.of()))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("gone");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void balancedSamplingDrawsGradesAlike() {
        List<Example> skewed = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            skewed.add(new Example("i" + i, "p" + i, i < 900 ? 0 : 1 + i % 4, "s" + i, Part.TRAIN));
        }
        int[] counts = new int[5];
        for (int place : Batches.order(skewed, recipe(1, 8, 1, 1e-3, Recipe.Sampling.CLASS_BALANCED), 1)) {
            counts[skewed.get(place).grade()]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(150, 250);
        }
    }

    @Test
    void everyEpochShufflesAnew() {
        Recipe recipe = recipe(1, 8, 1, 1e-3, Recipe.Sampling.SHUFFLED);
        int[] first = Batches.order(set.train(), recipe, 1);
        assertThat(first).isEqualTo(Batches.order(set.train(), recipe, 1));
        assertThat(first).isNotEqualTo(Batches.order(set.train(), recipe, 2));
        assertThat(first.clone())
                .containsExactlyInAnyOrder(
                        java.util.stream.IntStream.range(0, 40).toArray());
    }
}
