package io.patella.statistics;

import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random tables of predictions for laws and benchmarks. */
public final class Tables {
    private Tables() {}

    /**
     * {@code patients} patients with one to {@code mostImages} images each, grades of one patient alike, predictions mostly
     * near the grade, probabilities that fit them.
     */
    public static List<Prediction> random(long seed, int patients, int mostImages) {
        Random random = new Random(seed);
        List<Prediction> rows = new ArrayList<>();
        for (int p = 0; p < patients; p++) {
            int base = random.nextInt(5);
            int images = 1 + random.nextInt(mostImages);
            for (int i = 0; i < images; i++) {
                int grade = Math.min(4, Math.max(0, base + (random.nextInt(4) == 0 ? 1 : 0)));
                double centre = grade + 0.8 * random.nextGaussian();
                double[] weights = new double[5];
                double sum = 0;
                for (int k = 0; k < 5; k++) {
                    weights[k] = Math.exp(-(k - centre) * (k - centre));
                    sum += weights[k];
                }
                for (int k = 0; k < 5; k++) {
                    weights[k] /= sum;
                }
                Distribution distribution = Distribution.of(weights);
                rows.add(new Prediction(
                        "P" + p + "_" + i, "P" + p, grade, distribution.mostProbable(), distribution, null));
            }
        }
        return rows;
    }

    /**
     * The table in which each patient stands as often as drawn, as so many patients.
     *
     * @param times by patient; their sum is above 0
     */
    public static Predictions writtenOut(Predictions predictions, int[] times) {
        int[] patient = predictions.patientIndex();
        List<Prediction> rows = new ArrayList<>();
        for (int i = 0; i < patient.length; i++) {
            Prediction row = predictions.rows().get(i);
            for (int copy = 0; copy < times[patient[i]]; copy++) {
                rows.add(new Prediction(
                        row.imageId() + "." + copy,
                        row.patientId() + "." + copy,
                        row.grade(),
                        row.predicted(),
                        row.distribution(),
                        row.klGe2()));
            }
        }
        return Predictions.of(rows);
    }
}
