package io.patella.engine;

import io.patella.network.architecture.Architecture;
import io.patella.network.architecture.Architectures;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * CPU milliseconds of one thread for a picture's forward pass at 224 x 224, random weights, no classifier, as the peers are timed.
 * Arguments: the batch, {@code f32} or {@code bf16}, then timm's names. Prints the least of six runs after two.
 */
final class ForwardBench {
    private static final int SIDE = 224;

    private ForwardBench() {}

    public static void main(String[] arguments) throws IOException {
        int batch = Integer.parseInt(arguments[0]);
        Layers layers = arguments[1].equals("bf16") ? Layers.fusedBfloat16() : Layers.fused();
        for (int i = 2; i < arguments.length; i++) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"network\":\"%s\",\"batch\":%d,\"precision\":\"%s\",\"ms_per_image\":%.2f}%n",
                    arguments[i],
                    batch,
                    arguments[1],
                    1000
                            * seconds(
                                    Architectures.byName(arguments[i])
                                            .architecture()
                                            .withClasses(0),
                                    layers,
                                    batch)
                            / batch);
        }
    }

    private static double seconds(Architecture architecture, Layers layers, int batch) throws IOException {
        ProgramModule plain = architecture.network(Layers.plain());
        WeightSource.seeded(1).fill(plain);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        plain.tensors()
                .forEach((name, slot) -> weights.put(
                        name, Objects.requireNonNull(slot.value(), name).tensor()));
        ProgramModule network = architecture.network(layers);
        WeightSource.named(weights, "random").fill(network);
        Path file = Files.createTempFile("patella-bench", ".pt");
        try {
            ProgramArchive.write(network, file, Map.of());
            try (Program program = Program.open(file, Device.CPU, 1)) {
                program.callWithGradients("pack");
                Value pictures = Value.of(Tensor.of(random(batch * 3 * SIDE * SIDE), batch, 3, SIDE, SIDE));
                return Program.onBigStack(() -> least(() -> program.call("forward", pictures)));
            }
        } finally {
            Files.delete(file);
        }
    }

    private static double least(Runnable work) {
        var clock = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 8; run++) {
            long start = clock.getCurrentThreadCpuTime();
            work.run();
            if (run >= 2) {
                least = Math.min(least, clock.getCurrentThreadCpuTime() - start);
            }
        }
        return least / 1e9;
    }

    private static float[] random(int n) {
        Random random = new Random(1);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
