package io.patella.engine.training;

import io.patella.cohort.InputException;
import io.patella.engine.Decoding;
import io.patella.engine.Prediction;
import io.patella.engine.Program;
import io.patella.engine.Resident;
import io.patella.engine.Value;
import io.patella.network.grader.Grader;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.Tensor;
import io.patella.statistics.cutpoints.Cutpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The grader's network in training, in the engine: parameters, statistics, their averages and the optimiser's state. */
final class OpenedTraining implements AutoCloseable {
    /** Prefixes of the tensors in checkpoints. */
    static final String RAW = "raw/";

    static final String AVERAGE = "average/";
    private static final String FIRST = "moment1/";
    private static final String SECOND = "moment2/";
    private static final String STEPS = "steps/";
    private static final String NETWORK = TrainingModule.NETWORK + ".";
    private static final double EPSILON = 1e-8;

    private final Program program;
    private final TrainingPlan plan;
    /** What this training leaves alone. */
    private final Resident kept;

    private final int backboneTensors;
    private final Resident parameters;
    private final Resident first;
    private final Resident second;
    private final Resident steps;
    private final Resident average;
    private final Resident gradients;
    private final Resident statistics;
    private final Resident averageStatistics;

    private OpenedTraining(Program program, TrainingPlan plan) {
        this.program = program;
        this.plan = plan;
        List<String> frozen = plan.frozen();
        try (Resident all = program.parameters()) {
            Map<Boolean, List<String>> names = all.names().stream()
                    .collect(Collectors.partitioningBy(name -> TrainingModule.isFrozen(strip(name), frozen)));
            checkUsed(frozen, all.names());
            kept = all.select(names.getOrDefault(true, List.of()));
            List<String> moving = names.getOrDefault(false, List.of());
            List<String> learned = new ArrayList<>(moving);
            learned.removeIf(name -> !Grader.isBackbone(strip(name)));
            backboneTensors = learned.size();
            moving.stream().filter(name -> !Grader.isBackbone(strip(name))).forEach(learned::add);
            parameters = all.select(learned);
        }
        program.callWithGradients("freeze", Value.of(kept));
        first = program.zerosLike(parameters);
        second = program.zerosLike(parameters);
        steps = program.scalarsLike(parameters);
        average = program.copyOf(parameters);
        gradients = plan.recipe().accumulation() > 1 ? program.zerosLike(parameters) : program.keep(Map.of());
        statistics = program.resident("statistics");
        averageStatistics = program.copyOf(statistics);
    }

    private static void checkUsed(List<String> frozen, List<String> names) {
        List<String> unused = frozen.stream()
                .filter(each -> names.stream().noneMatch(name -> TrainingModule.isFrozen(strip(name), List.of(each))))
                .toList();
        if (!unused.isEmpty()) {
            throw new InputException(
                    "recipe.frozen",
                    "no parameter's name begins so",
                    unused,
                    "names are those of `patella weights inspect BUNDLE`, such as global_backbone.blocks.0");
        }
        if (names.stream().allMatch(name -> TrainingModule.isFrozen(strip(name), frozen))) {
            throw new InputException("recipe.frozen", "nothing is left to learn", frozen, "leave the heads out");
        }
    }

    /** Writes the network's training program to a temporary file and opens it. */
    static OpenedTraining open(TrainingPlan plan) {
        Path file = null;
        try {
            file = Files.createTempFile("patella-training", ".pt");
            ProgramModule module = TrainingModule.of(plan.network(), plan.preparation(), plan.frozen());
            ProgramArchive.write(module, file, Map.of());
            return new OpenedTraining(Program.openTrainable(file, plan.device(), plan.threads()), plan);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the training program: " + e.getMessage(), e);
        } finally {
            if (file != null) {
                try {
                    Files.deleteIfExists(file); // loaded; on Linux what is mapped stays
                } catch (IOException e) {
                    file.toFile().deleteOnExit();
                }
            }
        }
    }

    /**
     * What a step says.
     *
     * @param accuracy share of its pictures that are graded right, in training mode, decoded at 0.5
     * @param gradientNorm global, before clipping
     */
    record Step(LossTerms losses, double accuracy, double gradientNorm) {}

    /**
     * What the network says to some pictures in evaluation mode.
     *
     * @param predictions decoded at 0.5
     * @param losses means over the pictures
     */
    record Answers(List<Prediction> predictions, LossTerms losses) {}

    /**
     * One optimiser step over one or more batches, whose losses are averaged.
     *
     * @param seed of what dropout drops
     */
    Step step(List<Batches.Batch> batches, double backboneRate, double headRate, double decay, double clip, long seed) {
        program.train();
        if (!kept.names().isEmpty()) {
            program.callWithGradients("hold");
        }
        List<Value> state = new ArrayList<>(List.of(
                Value.of(parameters),
                Value.of(first),
                Value.of(second),
                Value.of(steps),
                Value.of(average),
                Value.of(statistics),
                Value.of(averageStatistics),
                Value.of(backboneTensors),
                Value.list(backboneRate, headRate, plan.recipe().weightDecay(), EPSILON, clip, decay)));
        if (batches.size() == 1) {
            List<Value> inputs = pictures(batches.get(0));
            inputs.addAll(state);
            inputs.add(Value.of(seed));
            float[] out = numbers("step", inputs);
            return new Step(terms(out), out[4], out[5]);
        }
        LossTerms sum = LossTerms.ZERO;
        double accuracy = 0;
        double share = 1.0 / batches.size();
        for (int i = 0; i < batches.size(); i++) {
            List<Value> inputs = pictures(batches.get(i));
            inputs.add(Value.of(parameters));
            inputs.add(Value.of(gradients));
            inputs.add(Value.of(share));
            inputs.add(Value.of(seed + i));
            float[] out = numbers("accumulate", inputs);
            sum = sum.plus(terms(out).times(share));
            accuracy += out[4] * share;
        }
        state.add(0, Value.of(gradients));
        return new Step(sum, accuracy, numbers("update", state)[0]);
    }

    private static List<Value> pictures(Batches.Batch batch) {
        return new ArrayList<>(List.of(
                Value.of(batch.pixels()), Value.of(batch.reals()), Value.of(batch.wholes()), Value.of(batch.grades())));
    }

    private float[] numbers(String method, List<Value> inputs) {
        return program.callWithGradients(method, inputs.toArray(Value[]::new))
                .asTensor()
                .toFloats();
    }

    private static LossTerms terms(float[] losses) {
        return new LossTerms(losses[0], losses[1], losses[2], losses[3]);
    }

    /** Answers to squares in evaluation mode, without test-time views: what an epoch is judged by. */
    Answers answers(Tensor pixels, Tensor grades) {
        program.evaluate();
        List<Value> out =
                program.call("answers", Value.of(pixels), Value.of(grades)).asList();
        return new Answers(predictions(out), terms(out.get(3).asTensor().toFloats()));
    }

    /** Answers to squares as the bundle will give them, averaged over the preparation's test-time views, decoded at 0.5. */
    List<Prediction> graded(Tensor pixels) {
        program.evaluate();
        return predictions(program.call("graded", Value.of(pixels)).asList());
    }

    private List<Prediction> predictions(List<Value> out) {
        return new Decoding(plan.grader().scale(), Cutpoints.HALF)
                .predictions(
                        out.get(0).asTensor(), out.get(1).asTensor(), out.get(2).asTensor());
    }

    /** Weights and statistics change places with their moving averages. */
    void exchangeWithAverage() {
        exchange(parameters, average);
        exchange(statistics, averageStatistics);
    }

    private void exchange(Resident a, Resident b) {
        program.callWithGradients("exchange", Value.of(a), Value.of(b));
    }

    /** Number of learned numbers. */
    long parameters() {
        return parameters.elements();
    }

    private record Part(String prefix, Resident tensors) {}

    private List<Part> weightParts() {
        return List.of(
                new Part(RAW, kept),
                new Part(RAW, parameters),
                new Part(RAW, statistics),
                new Part(AVERAGE, kept),
                new Part(AVERAGE, average),
                new Part(AVERAGE, averageStatistics));
    }

    private List<Part> allParts() {
        List<Part> all = new ArrayList<>(weightParts());
        all.add(new Part(FIRST, first));
        all.add(new Part(SECOND, second));
        all.add(new Part(STEPS, steps));
        return all;
    }

    /** Weights, statistics and their averages. */
    Map<String, Tensor> weights() {
        return read(weightParts());
    }

    /** Everything that a run needs to go on. */
    Map<String, Tensor> state() {
        return read(allParts());
    }

    private static Map<String, Tensor> read(List<Part> parts) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        parts.forEach(part ->
                part.tensors().read().forEach((name, tensor) -> all.put(part.prefix() + strip(name), tensor)));
        return all;
    }

    /** Takes over what {@link #state} gave. */
    void restore(Map<String, Tensor> state) {
        allParts().forEach(part -> write(Checkpoint.below(state, part.prefix()), part.tensors()));
    }

    /** Takes weights and statistics by the network's own names. */
    void load(Map<String, Tensor> weights) {
        weightParts().stream()
                .filter(part -> part.prefix().equals(RAW))
                .forEach(part -> write(weights, part.tensors()));
    }

    private void write(Map<String, Tensor> named, Resident into) {
        List<Value> values = new ArrayList<>();
        into.names().forEach(name -> {
            Tensor value = named.get(strip(name));
            if (value == null) {
                throw new IllegalStateException("no tensor " + strip(name) + " in the checkpoint");
            }
            values.add(Value.of(value));
        });
        if (!values.isEmpty()) {
            program.callWithGradients("assign", Value.of(into), new Value.Sequence(values));
        }
    }

    private static String strip(String name) {
        return name.startsWith(NETWORK) ? name.substring(NETWORK.length()) : name;
    }

    @Override
    public void close() {
        List.of(kept, parameters, first, second, steps, average, gradients, statistics, averageStatistics)
                .forEach(Resident::close);
        program.close();
    }
}
