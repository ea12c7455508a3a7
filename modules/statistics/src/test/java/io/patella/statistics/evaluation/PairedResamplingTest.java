package io.patella.statistics.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.Interval;
import io.patella.statistics.Tables;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.WeightStatistic;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairedResamplingTest {
    private static final Bootstrap FEW = Bootstrap.standard().withResamples(50);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyIntervalIsThatOfTablesWrittenOutPatientByPatient(long seed) {
        Predictions first = Predictions.of(Tables.random(seed, 30, 2));
        Predictions second = Predictions.of(graded(first.rows(), seed + 100));
        PairedResampling paired = PairedResampling.of(first, second, FEW);
        double[][] drawn = FEW.weightedReplicates(
                paired.patients(),
                WeightStatistic.ofEach(
                        times -> Arrays.stream(times).asDoubleStream().toArray()));

        Map<FigureName, List<Double>> written = new LinkedHashMap<>();
        for (double[] each : drawn) {
            int[] times = Arrays.stream(each).mapToInt(time -> (int) time).toArray();
            var ofFirst = TableFigures.of(Tables.writtenOut(first, times));
            var ofSecond = TableFigures.of(Tables.writtenOut(second, times));
            ofFirst.forEach((name, figure) -> written.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(figure.orElse(Double.NaN) - ofSecond.get(name).orElse(Double.NaN)));
        }

        Map<FigureName, Interval> differences = paired.differences();
        assertThat(differences.keySet()).containsExactlyInAnyOrderElementsOf(written.keySet());
        assertThat(differences).hasSize(4 + 17 + 20);
        differences.forEach((name, interval) -> {
            double[] sorted = written.get(name).stream()
                    .mapToDouble(Double::doubleValue)
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            assertThat(interval.undefinedResamples()).as(name.title()).isEqualTo(drawn.length - sorted.length);
            assertThat(interval.estimate().orElse(9))
                    .as(name.title())
                    .isCloseTo(
                            TableFigures.of(first).get(name).orElse(Double.NaN)
                                    - TableFigures.of(second).get(name).orElse(Double.NaN),
                            within(1e-12));
            assertThat(interval.lower().orElse(9)).as(name.title()).isCloseTo(quantile(sorted, 0.025), within(1e-12));
            assertThat(interval.upper().orElse(9)).as(name.title()).isCloseTo(quantile(sorted, 0.975), within(1e-12));
        });
    }

    @Test
    void figuresThatOnlyOneGraderHasAreLeftOut() {
        List<Prediction> rows = Tables.random(5, 30, 2);
        Predictions first = Predictions.of(rows);
        Predictions second = Predictions.of(rows.stream()
                .map(row -> new Prediction(row.imageId(), row.patientId(), row.grade(), row.predicted(), null, 0.5))
                .toList());
        Map<FigureName, Interval> differences =
                PairedResampling.of(first, second, FEW).differences();
        assertThat(differences).hasSize(4 + 17 + 2);
        assertThat(differences)
                .extractingByKey(FigureName.of("kl_ge_2_roc_auc"))
                .satisfies(interval -> assertThat(interval.lower().orElse(-1)).isPositive());
    }

    @Test
    void anUndefinedDifferenceSaysWhoseFigureAndWhy() {
        Predictions right = Predictions.of(List.of(Prediction.hard("x", "p", 1, 1), Prediction.hard("y", "q", 2, 2)));
        Predictions wrong = Predictions.of(List.of(Prediction.hard("x", "p", 1, 0), Prediction.hard("y", "q", 2, 2)));
        FigureName share = FigureName.of("adjacent_error_share");
        assertThat(PairedResampling.of(wrong, right, FEW).differences())
                .extractingByKey(share)
                .satisfies(interval -> assertThat(interval.lower().reason())
                        .isEqualTo("adjacent_error_share of b is undefined: no errors"));
        assertThat(PairedResampling.of(right, wrong, FEW).differences())
                .extractingByKey(share)
                .satisfies(interval -> assertThat(interval.estimate().reason())
                        .isEqualTo("adjacent_error_share of a is undefined: no errors"));
    }

    private static List<Prediction> graded(List<Prediction> rows, long seed) {
        Random random = new Random(seed);
        List<Prediction> graded = new ArrayList<>();
        for (Prediction row : rows) {
            double[] weights = random.doubles(5, 0.05, 1).toArray();
            weights[row.grade()] += 0.4;
            double sum = Arrays.stream(weights).sum();
            Distribution distribution =
                    Distribution.of(Arrays.stream(weights).map(w -> w / sum).toArray());
            graded.add(new Prediction(
                    row.imageId(), row.patientId(), row.grade(), distribution.mostProbable(), distribution, null));
        }
        return graded;
    }

    /** Linear interpolation between order statistics. */
    private static double quantile(double[] sorted, double level) {
        double position = level * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
