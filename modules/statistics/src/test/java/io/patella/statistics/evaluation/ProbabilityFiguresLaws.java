package io.patella.statistics.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.Interval;
import io.patella.statistics.Tables;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.IntervalMethod;
import io.patella.statistics.bootstrap.Strata;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ProbabilityFiguresLaws {
    private static final Bootstrap FEW = Bootstrap.standard().withResamples(60);

    @Property(tries = 40)
    void withEveryPatientOnceTheyAreTheFiguresOfTheTable(@ForAll long seed) {
        Predictions predictions = Predictions.of(Tables.random(seed, 40, 2));
        int[] once = new int[predictions.patients().size()];
        Arrays.fill(once, 1);
        Map<String, Double> figures = figures(predictions, once);
        Evaluation evaluation = Evaluation.of(predictions, FEW.withResamples(1));
        assertThat(figures)
                .containsEntry(
                        "kl_ge_2_roc_auc",
                        evaluation.discrimination().klGe2RocAuc().orElse(Double.NaN));
        assertThat(figures)
                .containsEntry(
                        "roc_auc_micro",
                        evaluation.discrimination().rocAuc().micro().orElse(Double.NaN));
        assertThat(figures)
                .containsEntry(
                        "average_precision of grade 2",
                        evaluation
                                .discrimination()
                                .averagePrecision()
                                .perGrade()
                                .get(2)
                                .orElse(Double.NaN));
        assertThat(figures.get("ece_15"))
                .isCloseTo(evaluation.calibration().expectedCalibrationError().orElse(-1), within(1e-12));
        assertThat(figures.get("brier"))
                .isEqualTo(evaluation.calibration().brier().orElse(-1));
        assertThat(figures.get("log_loss"))
                .isEqualTo(evaluation.calibration().logLoss().orElse(-1));
        assertThat(figures.get("rps")).isEqualTo(evaluation.calibration().rps().orElse(-1));
    }

    @Property(tries = 40)
    void aPatientDrawnTwiceCountsAsTwoPatients(@ForAll long seed) {
        Predictions predictions = Predictions.of(Tables.random(seed, 25, 2));
        Random random = new Random(seed);
        int[] times = random.ints(predictions.patients().size(), 0, 3).toArray();
        if (Arrays.stream(times).sum() == 0) {
            return;
        }
        Predictions written = Tables.writtenOut(predictions, times);
        int[] once = new int[written.patients().size()];
        Arrays.fill(once, 1);
        figures(written, once).forEach((name, figure) -> {
            double byWeights = figures(predictions, times).getOrDefault(name, -1.0);
            if (Double.isNaN(figure)) {
                assertThat(byWeights).as(name).isNaN();
            } else {
                assertThat(byWeights).as(name).isCloseTo(figure, within(1e-12));
            }
        });
    }

    @Property(tries = 20)
    void resamplesTogetherAreEachByItself(@ForAll long seed) {
        Predictions predictions = Predictions.of(Tables.random(seed, 25, 2));
        Random random = new Random(seed);
        int[][] times = new int[1 + random.nextInt(20)][];
        Arrays.setAll(
                times,
                r -> random.ints(predictions.patients().size(), 0, 3)
                        .map(n -> n + 1)
                        .toArray());
        ProbabilityFigures statistic = ProbabilityFigures.of(predictions);
        double[][] together = statistic.of(times);
        assertThat(together).hasNumberOfRows(times.length);
        for (int r = 0; r < times.length; r++) {
            assertThat(together[r]).isEqualTo(statistic.of(new int[][] {times[r]})[0]);
        }
    }

    @Property(tries = 15)
    void everyFigureThatIsDefinedHasBoundsWithAMonteCarloError(@ForAll long seed, @ForAll IntervalMethod method) {
        Predictions predictions = Predictions.of(Tables.random(seed, 60, 2));
        Evaluation evaluation = Evaluation.of(predictions, FEW.withMethod(method));
        assertThat(evaluation.further()).hasSize(17 + 20);
        evaluation.further().forEach((name, interval) -> {
            if (interval.lower().isDefined()) {
                assertThat(interval.lower().orElse(9))
                        .as(name.title())
                        .isLessThanOrEqualTo(interval.upper().orElse(-9));
                assertThat(interval.lowerError().orElse(-1)).isGreaterThanOrEqualTo(0);
            } else {
                assertThat(interval.lower().reason()).isNotEmpty();
            }
        });
    }

    @Property(tries = 15)
    void theyAreTheSameOnManyThreadsAndInPieces(@ForAll long seed) {
        Predictions predictions = Predictions.of(Tables.random(seed, 40, 2));
        Evaluation whole = Evaluation.of(predictions, FEW);
        assertThat(Evaluation.of(predictions, FEW.withThreads(3)).further()).isEqualTo(whole.further());
        Resampling resampling = Resampling.of(predictions, FEW);
        List<double[]> pieces = new ArrayList<>(List.of(resampling.replicates(0, 23)));
        pieces.addAll(List.of(resampling.replicates(23, 60)));
        assertThat(Evaluation.of(predictions, resampling, pieces.toArray(double[][]::new)))
                .isEqualTo(whole);
    }

    @Property(tries = 15)
    void aStratifiedResampleHasTheTablesMixOfHighestGrades(@ForAll long seed) {
        // one image per patient: each stratum is a grade, and its support never moves
        Predictions predictions = Predictions.of(Tables.random(seed, 60, 1));
        Bootstrap stratified = FEW.withStrata(Strata.HIGHEST_GRADE);
        Evaluation evaluation = Evaluation.of(predictions, stratified);
        assertThat(evaluation).isNotEqualTo(Evaluation.of(predictions, FEW));
        var patients = Resampling.patients(
                predictions.patientIndex(), predictions.cells(), 25, predictions.grades(), stratified);
        for (int k = 0; k < 5; k++) {
            int grade = k;
            double[][] supports = stratified.replicates(patients, cells ->
                    new double[] {Arrays.stream(cells, grade * 5, grade * 5 + 5).sum()});
            assertThat(Arrays.stream(supports).mapToDouble(row -> row[0]).distinct())
                    .containsExactly((double) evaluation.perGrade().get(k).support());
        }
    }

    @Example
    void aTableTooLargeForThemSaysSo() {
        Predictions predictions = Predictions.of(Tables.random(1, 50, 2));
        int resamples = (int) (Resampling.MOST_STEPS / predictions.images() + 1);
        assertThat(Resampling.of(predictions, FEW.withResamples(resamples)).hasProbabilities())
                .isFalse();
        Resampling counted = Resampling.of(predictions, FEW.withResamples(resamples));
        Evaluation evaluation = Evaluation.of(predictions, counted, counted.replicates(0, 20));
        assertThat(evaluation.notes()).anyMatch(note -> note.contains("no intervals, images times resamples"));
        Interval recall = evaluation.further(
                new FigureName("recall", 1), evaluation.discrimination().klGe2RocAuc());
        assertThat(recall.lower().isDefined()).isTrue();
        assertThat(evaluation.interval(Metric.QWK).lower().isDefined()).isTrue();
    }

    private static Map<String, Double> figures(Predictions predictions, int[] times) {
        ProbabilityFigures statistic = ProbabilityFigures.of(predictions);
        double[] values = statistic.of(new int[][] {times})[0];
        Map<String, Double> figures = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            figures.put(statistic.names().get(i).title(), values[i]);
        }
        return figures;
    }
}
