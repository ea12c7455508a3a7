package io.patella.engine.training;

import io.patella.cohort.Part;
import io.patella.engine.BundleBench;
import io.patella.engine.Device;
import io.patella.engine.Program;
import io.patella.network.architecture.WeightSource;
import io.patella.network.grader.Backbone;
import io.patella.network.grader.Graders;
import io.patella.network.preparation.Preparation;
import io.patella.network.training.Losses;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * CPU milliseconds of one thread for a whole training step of KL-FuseNet's streams and heads at 224 x 224: augmentation, forward,
 * losses, gradients, AdamW, moving average. Arguments: timm's names for the whole knee and for its halves, and the batch.
 */
final class TrainingStepBench {
    private static final int SIDE = 224;

    private TrainingStepBench() {}

    public static void main(String[] arguments) throws IOException {
        int batch = Integer.parseInt(arguments[2]);
        Recipe paper = Recipe.PAPER;
        Recipe recipe = new Recipe(
                1,
                batch,
                1,
                paper.backboneRate(),
                paper.headRate(),
                paper.weightDecay(),
                paper.schedule(),
                paper.clip(),
                paper.ema(),
                paper.emaRamp(),
                paper.patience(),
                paper.sampling(),
                0,
                List.of(),
                paper.augmentation(),
                paper.thresholds(),
                arguments.length > 3 && arguments[3].equals("bf16")
                        ? Recipe.Precision.BFLOAT16
                        : Recipe.Precision.FLOAT32,
                1);
        TrainingPlan plan = new TrainingPlan(
                Graders.byName("kl-fusenet").with(Backbone.named(arguments[0]), Backbone.named(arguments[1])),
                WeightSource.seeded(1),
                "seed 1",
                Losses.PAPER,
                Preparation.standard(SIDE),
                recipe,
                Device.CPU,
                1);
        Path folder = Files.createTempDirectory("patella-bench");
        List<Example> examples = new ArrayList<>();
        List<PictureCache.Named> pictures = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            examples.add(new Example("i" + i, "p" + i, i % 5, "s" + i, Part.TRAIN));
            pictures.add(new PictureCache.Named("i" + i, BundleBench.noise(SIDE, i)));
        }
        PictureCache cache = PictureCache.open(folder, "noise", plan.preparation(), pictures::iterator);
        double seconds = Program.onBigStack(() -> {
            try (OpenedTraining training = OpenedTraining.open(plan);
                    Batches batches = new Batches(examples, cache, recipe, 1, 0)) {
                List<Batches.Batch> one = List.of(batches.next());
                return least(() -> training.step(one, 1e-4, 2e-4, 0.999, 0, 1));
            }
        });
        System.out.printf(
                Locale.ROOT,
                "{\"global\":\"%s\",\"patches\":\"%s\",\"batch\":%d,\"ms_per_step\":%.0f}%n",
                arguments[0],
                arguments[1],
                batch,
                1000 * seconds);
    }

    private static double least(Runnable work) {
        var clock = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 6; run++) {
            long start = clock.getCurrentThreadCpuTime();
            work.run();
            if (run >= 2) {
                least = Math.min(least, clock.getCurrentThreadCpuTime() - start);
            }
        }
        return least / 1e9;
    }
}
