package io.patella.statistics.bootstrap;

import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * CPU seconds of one thread for 2000 resamples of patients: the four metrics with their intervals.
 * Argument: a CSV with image_id, patient_id, grade, predicted, or a number of made-up images. Prints the least of several runs.
 */
final class BootstrapBench {
    private BootstrapBench() {}

    public static void main(String[] arguments) throws IOException {
        for (String argument : arguments) {
            Predictions predictions =
                    argument.matches("[0-9]+") ? madeUp(Integer.parseInt(argument)) : read(Path.of(argument));
            int runs = predictions.images() > 100_000 ? 2 : 20;
            System.out.printf(
                    Locale.ROOT,
                    "{\"images\":%d,\"patients\":%d,\"four_metrics_s\":%.4f}%n",
                    predictions.images(),
                    predictions.patients().size(),
                    least(runs, () -> {
                        Bootstrap bootstrap = Bootstrap.standard();
                        bootstrap.intervals(Evaluation.patients(predictions), Evaluation.FOUR_METRICS);
                    }));
        }
    }

    private static double least(int runs, Runnable work) {
        var clock = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int run = 0; run < runs; run++) {
            long start = clock.getCurrentThreadCpuTime();
            work.run();
            least = Math.min(least, clock.getCurrentThreadCpuTime() - start);
        }
        return least / 1e9;
    }

    private static Predictions read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> header = Arrays.asList(lines.get(0).split(",", -1));
        List<Prediction> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            rows.add(Prediction.hard(
                    cells[header.indexOf("image_id")],
                    cells[header.indexOf("patient_id")],
                    Integer.parseInt(cells[header.indexOf("grade")]),
                    Integer.parseInt(cells[header.indexOf("predicted")])));
        }
        return Predictions.of(rows);
    }

    /** Two images a patient, three of four graded right. */
    private static Predictions madeUp(int images) {
        Random random = new Random(1);
        List<Prediction> rows = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            int grade = random.nextInt(5);
            int predicted = random.nextInt(4) == 0 ? Math.min(4, grade + 1) : grade;
            rows.add(Prediction.hard("i" + i, "p" + i / 2, grade, predicted));
        }
        return Predictions.of(rows);
    }
}
