package io.patella.statistics.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.statistics.Golden;
import io.patella.statistics.Interval;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Predictions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Intervals against numpy's, and whole bootstrap distributions against the enumeration of all resamples. */
class BootstrapGoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"small_18", "mixed_120", "external_like_345", "internal_like_619"})
    void percentileBoundsLieWithinSeedNoiseOfNumpys(String name) {
        Golden golden = Golden.read("bootstrap/" + name);
        Predictions predictions = Predictions.of(golden.predictions());
        Evaluation evaluation = Evaluation.of(predictions, Bootstrap.standard());
        for (Metric metric : Metric.values()) {
            Interval interval = evaluation.interval(metric);
            JsonNode reference = golden.answers().get("percentile_95").get(metric.word());
            double step = metric == Metric.ACCURACY || metric == Metric.MAE ? 1.0 / predictions.images() : 1e-9;
            assertThat(interval.estimate().orElse(Double.NaN))
                    .isCloseTo(
                            golden.answers().get("point").get(metric.word()).doubleValue(), within(Golden.TOLERANCE));
            assertBound(metric + " lower", interval.lower().orElse(Double.NaN), reference.get("lower"), step);
            assertBound(metric + " upper", interval.upper().orElse(Double.NaN), reference.get("upper"), step);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed_120", "external_like_345", "internal_like_619"})
    void monteCarloErrorIsTheSpreadOverSeeds(String name) {
        Golden golden = Golden.read("bootstrap/" + name);
        Interval qwk = Evaluation.of(Predictions.of(golden.predictions()), Bootstrap.standard())
                .interval(Metric.QWK);
        JsonNode reference = golden.answers().get("percentile_95").get("qwk");
        assertThat(qwk.lowerError().orElse(Double.NaN)
                        / reference.get("lower").get("sd").doubleValue())
                .isBetween(0.4, 2.5);
        assertThat(qwk.upperError().orElse(Double.NaN)
                        / reference.get("upper").get("sd").doubleValue())
                .isBetween(0.4, 2.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"small_18", "mixed_120", "external_like_345", "internal_like_619"})
    void bcaBoundsLieWithinSeedNoiseAndTheAccelerationIsExact(String name) {
        Golden golden = Golden.read("bootstrap/" + name);
        Predictions predictions = Predictions.of(golden.predictions());
        JsonNode reference = golden.answers().get("bca_95_qwk");
        Interval qwk = Evaluation.of(predictions, Bootstrap.standard().withMethod(IntervalMethod.BCA))
                .interval(Metric.QWK);
        assertBound("lower", qwk.lower().orElse(Double.NaN), reference.get("lower"), 1e-9);
        assertBound("upper", qwk.upper().orElse(Double.NaN), reference.get("upper"), 1e-9);

        Patients patients = Evaluation.patients(predictions);
        double[] leftOut = patients.countsWithoutOne().stream()
                .mapToDouble(Metric.QWK::ofCounts)
                .toArray();
        assertThat(Bootstrap.acceleration(leftOut, patients.carriers()))
                .isCloseTo(reference.get("acceleration_exact").doubleValue(), within(1e-11));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact_1", "exact_3", "exact_4_undefined", "exact_5"})
    void manyReplicatesConvergeToTheEnumerationOfAllResamples(String name) {
        Golden golden = Golden.read("bootstrap/" + name);
        int replicates = 100_000;
        double[][] values = Bootstrap.standard()
                .withResamples(replicates)
                .replicates(Evaluation.patients(Predictions.of(golden.predictions())), Evaluation.FOUR_METRICS);
        double all = golden.answers().get("equally_likely_resamples").doubleValue();
        Metric[] metrics = Metric.values();
        for (int m = 0; m < metrics.length; m++) {
            Map<Double, Integer> histogram = new TreeMap<>();
            for (double[] replicate : values) {
                // 0.0 + removes the sign of a zero; ten digits join a fraction and its double
                histogram.merge(rounded(replicate[m]), 1, Integer::sum);
            }
            JsonNode distribution = golden.answers().get("distribution").get(metrics[m].word());
            Map<Double, Double> expected = new TreeMap<>();
            for (JsonNode value : distribution.get("value_count")) {
                expected.merge(
                        rounded(value.get(0).doubleValue() / value.get(1).doubleValue()),
                        value.get(2).doubleValue() / all,
                        Double::sum);
            }
            double undefined = distribution.get("undefined_resamples").doubleValue() / all;
            if (undefined > 0) {
                expected.put(Double.NaN, undefined);
            }
            assertThat(histogram.keySet()).as(metrics[m].word()).isEqualTo(expected.keySet());
            expected.forEach((value, share) -> assertThat((double) histogram.get(value) / replicates)
                    .as("share of %s", value)
                    .isCloseTo(share, within(5 * Math.sqrt(share * (1 - share) / replicates) + 1e-12)));
        }
    }

    private static double rounded(double value) {
        return Double.isNaN(value) ? value : 0.0 + Math.round(value * 1e10) / 1e10;
    }

    /** |x - mean| <= 4 sd sqrt(1 + 1/20) + one step of the metric. */
    private static void assertBound(String name, double bound, JsonNode reference, double step) {
        double tolerance = 4 * reference.get("sd").doubleValue() * Math.sqrt(1 + 1 / 20.0) + step;
        assertThat(bound).as(name).isCloseTo(reference.get("mean").doubleValue(), within(tolerance));
    }

    @Test
    void resamplingImagesInsteadOfPatientsWouldBeTooNarrow() {
        Golden golden = Golden.read("bootstrap/mixed_120");
        Interval qwk = Evaluation.of(Predictions.of(golden.predictions()), Bootstrap.standard())
                .interval(Metric.QWK);
        JsonNode wrong =
                golden.answers().get("image_level_wrong_way_mean_bounds").get("qwk");
        assertThat(qwk.lower().orElse(Double.NaN)).isLessThan(wrong.get(0).doubleValue());
        assertThat(qwk.upper().orElse(Double.NaN)).isGreaterThan(wrong.get(1).doubleValue());
    }
}
