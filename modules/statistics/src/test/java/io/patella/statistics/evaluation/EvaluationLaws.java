package io.patella.statistics.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.Interval;
import io.patella.statistics.Tables;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.IntervalMethod;
import io.patella.statistics.bootstrap.Patients;
import io.patella.statistics.bootstrap.WeightStatistic;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EvaluationLaws {
    private static final Bootstrap FEW = Bootstrap.standard().withResamples(50);

    @Property(tries = 40)
    void everyFigureIsTheSameInAnyOrderOfTheRows(@ForAll long seed, @ForAll IntervalMethod method) {
        List<Prediction> rows = Tables.random(seed, 40, 3);
        List<Prediction> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(seed));
        Bootstrap bootstrap = FEW.withMethod(method);
        assertThat(Evaluation.of(Predictions.of(shuffled), bootstrap))
                .isEqualTo(Evaluation.of(Predictions.of(rows), bootstrap));
    }

    @Property(tries = 20)
    void anIntervalIsTheSameOnAnyNumberOfThreads(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int threads) {
        Predictions predictions = Predictions.of(Tables.random(seed, 60, 2));
        assertThat(Evaluation.of(predictions, FEW.withThreads(threads)).intervals())
                .isEqualTo(Evaluation.of(predictions, FEW).intervals());
    }

    @Property(tries = 20)
    void aReplicateIsTheSameWhoeverComputesIt(@ForAll long seed, @ForAll @IntRange(min = 1, max = 49) int cut) {
        Patients patients = Evaluation.patients(Predictions.of(Tables.random(seed, 30, 2)));
        double[][] whole = FEW.replicates(patients, Evaluation.FOUR_METRICS);
        List<double[]> pieces = new ArrayList<>();
        pieces.addAll(List.of(FEW.replicates(patients, Evaluation.FOUR_METRICS, 0, cut)));
        pieces.addAll(List.of(FEW.replicates(patients, Evaluation.FOUR_METRICS, cut, 50)));
        assertThat(pieces.toArray(double[][]::new)).isDeepEqualTo(whole);
    }

    @Property(tries = 20)
    void intervalsDoNotCareHowPatientsAreCalled(@ForAll long seed) {
        List<Prediction> rows = Tables.random(seed, 40, 2);
        List<Prediction> renamed = rows.stream()
                .map(row -> new Prediction(
                        row.imageId(),
                        "q" + (row.patientId().hashCode() * 31),
                        row.grade(),
                        row.predicted(),
                        row.distribution(),
                        null))
                .toList();
        assertThat(Evaluation.of(Predictions.of(renamed), FEW).intervals())
                .isEqualTo(Evaluation.of(Predictions.of(rows), FEW).intervals());
    }

    @Property(tries = 30)
    void boundsEncloseTheMiddleAndStayOnTheScale(@ForAll long seed) {
        Evaluation evaluation = Evaluation.of(Predictions.of(Tables.random(seed, 50, 2)), FEW);
        for (Metric metric : Metric.values()) {
            Interval interval = evaluation.interval(metric);
            assertThat(interval.lower().orElse(9))
                    .isLessThanOrEqualTo(interval.upper().orElse(-9));
            assertThat(interval.lowerError().orElse(-1)).isGreaterThanOrEqualTo(0);
            assertThat(interval.lower().orElse(-9)).isGreaterThanOrEqualTo(metric == Metric.QWK ? -1 : 0);
            assertThat(interval.upper().orElse(9)).isLessThanOrEqualTo(metric == Metric.MAE ? 4 : 1);
        }
    }

    @Property(tries = 30)
    void figuresOfWeightsAndFiguresOfCountsSeeTheSameResamples(@ForAll long seed) {
        Predictions predictions = Predictions.of(Tables.random(seed, 30, 3));
        Patients patients = Evaluation.patients(predictions);
        int[] patient = predictions.patientIndex();
        int[] cells = predictions.cells();
        double[][] byWeights = FEW.weightedReplicates(patients, WeightStatistic.ofEach(timesDrawn -> {
            int[] counts = new int[25];
            for (int i = 0; i < cells.length; i++) {
                counts[cells[i]] += timesDrawn[patient[i]];
            }
            return Metric.allOfCounts(counts);
        }));
        assertThat(byWeights).isDeepEqualTo(FEW.replicates(patients, Evaluation.FOUR_METRICS));
    }

    @Property(tries = 20)
    void microAucSumsUpWhatTheGradesSay(@ForAll long seed) {
        Evaluation evaluation = Evaluation.of(Predictions.of(Tables.random(seed, 80, 2)), FEW.withResamples(1));
        double sum = 0;
        int defined = 0;
        for (var figure : evaluation.discrimination().rocAuc().perGrade()) {
            sum += figure.orElse(0);
            defined += figure.isDefined() ? 1 : 0;
        }
        assertThat(evaluation.discrimination().rocAuc().macro().orElse(-1)).isCloseTo(sum / defined, within(1e-14));
        assertThat(evaluation.discrimination().rocAuc().micro().orElse(-1)).isBetween(0.0, 1.0);
    }
}
