package io.patella.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.imaging.Gray8;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Backbone;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.preparation.CounterRandom;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What a whole grader of random weights costs, from 8-bit pictures of 224 x 224 to grades, by the clock: seconds to open its bundle,
 * pictures a second of one thread and of two that share it, and the resident memory over many batches. Arguments: timm's names for
 * the whole knee and for its halves ({@code -} for a grader without them), test-time views, pictures a batch, batches, and perhaps a mode
 * such as {@code cuda-bf16}, which takes the first graphics card.
 */
public final class BundleBench {
    private static final int SIDE = 224;

    private BundleBench() {}

    public static void main(String[] arguments) throws Exception {
        boolean halves = !arguments[1].equals("-");
        Grader grader = Graders.byName(halves ? "kl-fusenet" : "global-only")
                .with(Backbone.named(arguments[0]), halves ? Backbone.named(arguments[1]) : null);
        Preparation preparation =
                Preparation.standard(SIDE).with(Preparation.Views.of(Integer.parseInt(arguments[2]), "views"));
        List<Gray8> pictures = noise(Integer.parseInt(arguments[3]));
        int batches = Integer.parseInt(arguments[4]);
        ExecutionMode mode = arguments.length > 5 ? ExecutionMode.parse(arguments[5], "mode") : ExecutionMode.CPU_F32;
        Device device = mode.isCuda() ? Device.parse("cuda:0", "device") : Device.CPU;
        Path folder = Files.createTempDirectory("patella-bench");
        Path bundle = write(grader, preparation, folder);
        long start = System.nanoTime();
        OpenedBundle.open(bundle, device, mode, 1).close();
        say("opened first, seconds", (System.nanoTime() - start) / 1e9);
        start = System.nanoTime();
        try (OpenedBundle opened = OpenedBundle.open(bundle, device, mode, 1)) {
            say("opened again, seconds", (System.nanoTime() - start) / 1e9);
            opened.grade(pictures);
            double one = picturesPerSecond(opened, pictures, 1, batches);
            say("pictures a second, one thread", one);
            double two = picturesPerSecond(opened, pictures, 2, batches);
            say("pictures a second, two threads", two);
            say("two over one", two / one);
        }
    }

    /** Says the resident memory now and then. */
    private static double picturesPerSecond(OpenedBundle opened, List<Gray8> pictures, int threads, int batches)
            throws ExecutionException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        int rounds = batches < 100 ? 1 : 10;
        List<Callable<Integer>> round = Collections.nCopies(
                batches / rounds, () -> opened.grade(pictures).size());
        long start = System.nanoTime();
        try {
            for (int i = 0; i < rounds; i++) {
                for (var each : pool.invokeAll(round)) {
                    each.get();
                }
                say("resident MiB", residentMebibytes());
            }
        } finally {
            pool.shutdown();
        }
        return 1e9 * rounds * round.size() * pictures.size() / (System.nanoTime() - start);
    }

    private static double residentMebibytes() {
        try {
            String status = Files.readString(Path.of("/proc/self/status"));
            try (Scanner resident = new Scanner(status.substring(status.indexOf("VmRSS:") + 6))) {
                return resident.nextLong() / 1024.0;
            }
        } catch (IOException e) {
            return Double.NaN; // no Linux
        }
    }

    private static Path write(Grader grader, Preparation preparation, Path folder) {
        ProgramModule network = grader.program(Layers.plain());
        WeightSource.seeded(1).fill(network);
        Path model = folder.resolve("model.pt");
        ProgramArchive.write(network, model, Map.of());
        Path bundle = folder.resolve("bundle");
        Bundle.write(
                bundle,
                new BundleDescription(
                        grader.name(),
                        grader.json(),
                        preparation,
                        null,
                        new ObjectMapper().createObjectNode(),
                        List.of()),
                model,
                "random weights");
        return bundle;
    }

    private static List<Gray8> noise(int n) {
        List<Gray8> pictures = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            pictures.add(noise(SIDE, i));
        }
        return pictures;
    }

    /** A square of noise. */
    public static Gray8 noise(int side, int seed) {
        CounterRandom random = new CounterRandom(seed);
        byte[] pixels = new byte[side * side];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.below(256);
        }
        return new Gray8(side, side, pixels);
    }

    private static void say(String what, double value) {
        System.out.printf(Locale.ROOT, "%-32s %10.2f%n", what, value);
    }
}
