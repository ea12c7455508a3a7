package io.patella.engine.training;

import io.patella.cohort.InputException;
import io.patella.engine.Decoding;
import io.patella.engine.Prediction;
import io.patella.engine.Program;
import io.patella.network.grader.Head;
import io.patella.network.grader.Scale;
import io.patella.network.preparation.CounterRandom;
import io.patella.network.weights.Tensor;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The paper's training loop (sections 2.4 and 2.5): epochs of shuffled, augmented batches, one native call a forward pass, validation
 * of the weights and of their moving average after each epoch, early stopping on the better quadratic weighted kappa.
 *
 * <p>Everything is a function of the recipe, the data and the thread count: a run that was killed at any moment and is called again
 * with the same arguments ends with the same bits as one that was not. Checkpoints are {@code last.safetensors} (where the run stands)
 * and {@code best.safetensors} (weights and their average of the best epoch) in the run's folder.
 */
public final class Trainer {
    private static final String LAST = "last.safetensors";
    private static final String BEST = "best.safetensors";
    private static final long SAVE_EVERY = Duration.ofMinutes(3).toNanos();
    private static final int VALIDATION_BATCH = 32;
    private static final long DROPOUT = 0x64726f70L;

    private final TrainingPlan plan;
    private final TrainingSet set;
    private final PictureCache cache;
    private final Path folder;
    private final TrainingEvent.Listener listener;
    private volatile boolean stopping;

    /**
     * Prepares a run; {@link #run} does it.
     *
     * @param cache holds a square of every example
     * @param folder for checkpoints; a run with the same arguments goes on from what lies there
     */
    public Trainer(
            TrainingPlan plan, TrainingSet set, PictureCache cache, Path folder, TrainingEvent.Listener listener) {
        this.plan = plan;
        this.set = set;
        this.cache = cache;
        this.folder = folder;
        this.listener = listener;
        if (cache.side() != plan.preparation().size()) {
            throw new InputException(
                    "picture cache",
                    "side is not the preparation's " + plan.preparation().size(),
                    cache.side(),
                    "open the cache with this preparation");
        }
        if (plan.recipe().thresholds() == Recipe.Thresholds.CENTRED
                && (!plan.grader().heads().contains(Head.ORDINAL)
                        || plan.grader().scale() != Scale.FIVE)) {
            throw new InputException(
                    "recipe.thresholds",
                    "centred needs an ordinal head with four thresholds, which this grader has not",
                    plan.grader().name(),
                    "write: trained");
        }
        set.train().forEach(each -> cache.row(each.imageId()));
        set.validation().forEach(each -> cache.row(each.imageId()));
    }

    /** Asks a running {@link #run} to save and return after the step at hand. From any thread. */
    public void stop() {
        stopping = true;
    }

    /**
     * Trains until the epochs are done, patience ends or somebody stops it.
     *
     * @throws InputException when the folder holds another run
     * @throws TrainingException when the loss is no longer a number
     */
    public Trained run() {
        return Program.onBigStack(this::train);
    }

    private Trained train() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the run's folder " + folder + ": " + e.getMessage(), e);
        }
        try (OpenedTraining program = OpenedTraining.open(plan)) {
            Checkpoint.Progress progress = resume(program);
            Recipe recipe = plan.recipe();
            int batches = Batches.count(set.train().size(), recipe);
            listener.on(new TrainingEvent.Started(
                    set.train().size(),
                    set.validation().size(),
                    program.parameters(),
                    stepsPerEpoch(batches),
                    recipe.epochs(),
                    progress.epoch(),
                    progress.batch() / recipe.accumulation(),
                    set.notes()));
            while (progress.epoch() < recipe.epochs() && !outOfPatience(progress) && !stopping) {
                progress = epoch(program, progress, batches);
            }
            TrainingEvent.Stopped stopped = reason(progress);
            Trained trained = trained(program, progress, stopped);
            listener.on(stopped);
            return trained;
        }
    }

    private Checkpoint.Progress resume(OpenedTraining program) {
        Path last = folder.resolve(LAST);
        Checkpoint.Progress progress = Checkpoint.progress(last);
        String run = identity();
        if (progress == null) {
            return Checkpoint.Progress.start(run);
        }
        if (!progress.run().equals(run)) {
            throw new InputException(
                    folder.toString(),
                    "holds the checkpoint of another run (other recipe, network, preparation or data)",
                    progress.run(),
                    "name another folder, or delete this one to begin anew");
        }
        program.restore(Checkpoint.tensors(last));
        return progress;
    }

    /** Everything that decides the bits but the processor. */
    private String identity() {
        StringBuilder text = new StringBuilder(plan.identity());
        set.train()
                .forEach(each ->
                        text.append("\nT ").append(each.imageId()).append(' ').append(each.grade()));
        set.validation()
                .forEach(each ->
                        text.append("\nV ").append(each.imageId()).append(' ').append(each.grade()));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean outOfPatience(Checkpoint.Progress progress) {
        return progress.bestEpoch() > 0
                && progress.epoch() - progress.bestEpoch() >= plan.recipe().patience();
    }

    private TrainingEvent.Stopped reason(Checkpoint.Progress progress) {
        if (progress.epoch() >= plan.recipe().epochs()) {
            return new TrainingEvent.Stopped(
                    TrainingEvent.Reason.EPOCHS_DONE, "all " + progress.epoch() + " epochs are done");
        }
        if (outOfPatience(progress)) {
            return new TrainingEvent.Stopped(
                    TrainingEvent.Reason.PATIENCE,
                    "validation QWK did not improve on epoch " + progress.bestEpoch() + " for "
                            + plan.recipe().patience() + " epochs");
        }
        return new TrainingEvent.Stopped(
                TrainingEvent.Reason.INTERRUPTED, "saved in " + folder + "; the same command goes on from there");
    }

    private int stepsPerEpoch(int batches) {
        return Math.max(1, batches / plan.recipe().accumulation());
    }

    private Checkpoint.Progress epoch(OpenedTraining program, Checkpoint.Progress from, int batches) {
        Recipe recipe = plan.recipe();
        int perStep = Math.min(recipe.accumulation(), batches);
        int stepsPerEpoch = stepsPerEpoch(batches);
        LossTerms sum = from.sum();
        @Nullable Double right = from.accuracy();
        int steps = from.steps();
        int done = from.batch();
        long begun = System.nanoTime();
        long saved = begun;
        double pace = 0;
        long waited;
        try (Batches source = new Batches(set.train(), cache, recipe, from.epoch() + 1, done)) {
            while (done < batches) {
                long start = System.nanoTime();
                long step = (long) from.epoch() * stepsPerEpoch + done / perStep;
                double backboneRate = from.epoch() < recipe.freezeEpochs()
                        ? 0
                        : recipe.schedule().rate(recipe.backboneRate(), step, stepsPerEpoch, recipe.epochs());
                double headRate = recipe.schedule().rate(recipe.headRate(), step, stepsPerEpoch, recipe.epochs());
                List<Batches.Batch> parts = new ArrayList<>(perStep);
                for (int i = 0; i < perStep; i++) {
                    parts.add(source.next());
                }
                OpenedTraining.Step result = program.step(
                        parts, backboneRate, headRate, recipe.emaDecay(step), recipe.clip(), seed(recipe, step));
                if (!result.losses().isFinite()) {
                    throw new TrainingException(
                            from.epoch() + 1,
                            done / perStep + 1,
                            parts.stream()
                                    .flatMap(each -> each.images().stream())
                                    .toList(),
                            folder.resolve(LAST));
                }
                sum = sum.plus(result.losses());
                right = right == null ? null : right + result.accuracy();
                steps++;
                done += perStep;
                double images = parts.stream().mapToInt(Batches.Batch::size).sum();
                double rate = images / ((System.nanoTime() - start) / 1e9);
                pace = pace == 0 ? rate : 0.9 * pace + 0.1 * rate;
                long left = (long) (recipe.epochs() - from.epoch()) * stepsPerEpoch - done / perStep;
                listener.on(new TrainingEvent.StepDone(
                        from.epoch() + 1,
                        recipe.epochs(),
                        done / perStep,
                        stepsPerEpoch,
                        result.losses(),
                        result.gradientNorm(),
                        backboneRate,
                        headRate,
                        pace,
                        Duration.ofMillis((long) (left * images / pace * 1000))));
                if (done < batches && (stopping || System.nanoTime() - saved > SAVE_EVERY)) {
                    Checkpoint.Progress here = new Checkpoint.Progress(
                            from.run(),
                            from.epoch(),
                            done,
                            sum,
                            right,
                            steps,
                            from.history(),
                            from.bestEpoch(),
                            from.bestIsAverage());
                    save(program, here);
                    saved = System.nanoTime();
                    if (stopping) {
                        return here;
                    }
                }
            }
            waited = source.waited();
        }
        double training = System.nanoTime() - begun;
        Epoch.Validation raw = validate(program);
        program.exchangeWithAverage();
        Epoch.Validation average = validate(program);
        program.exchangeWithAverage();
        Epoch epoch = new Epoch(
                from.epoch() + 1,
                sum.times(1.0 / steps),
                right == null ? null : right / steps,
                raw,
                average,
                waited / training,
                (System.nanoTime() - begun) / 1e9);
        List<Epoch> history = new ArrayList<>(from.history());
        history.add(epoch);
        boolean improved = epoch.bestQwk() > from.bestQwk();
        Checkpoint.Progress next = new Checkpoint.Progress(
                from.run(),
                epoch.epoch(),
                0,
                LossTerms.ZERO,
                0.0,
                0,
                List.copyOf(history),
                improved ? epoch.epoch() : from.bestEpoch(),
                improved ? average.qwk() >= raw.qwk() : from.bestIsAverage());
        if (improved) {
            Checkpoint.write(folder.resolve(BEST), next, program.weights());
            listener.on(new TrainingEvent.Saved(folder.resolve(BEST)));
        }
        save(program, next);
        listener.on(new TrainingEvent.EpochDone(epoch, improved));
        return next;
    }

    /** Of what dropout drops in a step; accumulated passes take the numbers after it. */
    private static long seed(Recipe recipe, long step) {
        return new CounterRandom(recipe.seed(), DROPOUT, step).bits() >>> 2;
    }

    private void save(OpenedTraining program, Checkpoint.Progress progress) {
        Checkpoint.write(folder.resolve(LAST), progress, program.state());
        System.gc(); // the copies just written lie outside the heap: the collector sees no hurry
        listener.on(new TrainingEvent.Saved(folder.resolve(LAST)));
    }

    private Epoch.Validation validate(OpenedTraining program) {
        List<Example> examples = set.validation();
        int[] reference = new int[examples.size()];
        int[] predicted = new int[examples.size()];
        LossTerms sum = LossTerms.ZERO;
        int at = 0;
        for (OpenedTraining.Answers answers :
                overValidation((some, pixels) -> program.answers(pixels, Batches.grades(some)))) {
            for (Prediction each : answers.predictions()) {
                reference[at] = examples.get(at).grade();
                predicted[at++] = each.grade();
            }
            sum = sum.plus(answers.losses().times(answers.predictions().size()));
        }
        Confusion confusion = Confusion.of(Decoding.merged(plan.grader().scale(), reference), predicted);
        int[] cells = confusion.cells();
        double qwk = Metric.QWK.ofCounts(cells);
        return new Epoch.Validation(
                Double.isFinite(qwk) ? qwk : 0,
                Metric.ACCURACY.ofCounts(cells),
                Metric.MAE.ofCounts(cells),
                sum.times(1.0 / examples.size()));
    }

    private <T> List<T> overValidation(BiFunction<List<Example>, Tensor, T> asked) {
        List<Example> examples = set.validation();
        List<T> all = new ArrayList<>();
        ByteBuffer pixels = ByteBuffer.allocateDirect(VALIDATION_BATCH * cache.side() * cache.side());
        for (int first = 0; first < examples.size(); first += VALIDATION_BATCH) {
            List<Example> some = examples.subList(first, Math.min(examples.size(), first + VALIDATION_BATCH));
            all.add(asked.apply(some, Batches.pixels(some, cache, pixels)));
        }
        return all;
    }

    /** The best weights, and what validation says of them with test-time views and with cutpoints tuned on it. */
    private Trained trained(OpenedTraining program, Checkpoint.Progress progress, TrainingEvent.Stopped stopped) {
        Path best = folder.resolve(BEST);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        List<Prediction> answers = List.of();
        if (progress.bestEpoch() > 0) {
            weights = Checkpoint.below(
                    Checkpoint.tensors(best), progress.bestIsAverage() ? OpenedTraining.AVERAGE : OpenedTraining.RAW);
            program.load(weights);
            answers = graded(program);
            if (plan.recipe().thresholds() == Recipe.Thresholds.CENTRED) {
                weights = new ValidationAnswers(set.validation(), answers)
                        .centred(weights, List.of(ValidationAnswers.ORDINAL_BIAS));
                program.load(weights);
                answers = graded(program);
            }
        }
        return Trained.of(set, progress, stopped, weights, answers);
    }

    private List<Prediction> graded(OpenedTraining program) {
        return overValidation((some, pixels) -> program.graded(pixels)).stream()
                .flatMap(List::stream)
                .toList();
    }
}
