package io.patella.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.Tables;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemperatureTest {
    private final List<Prediction> rows = Tables.random(7, 500, 1);

    @Test
    void noOtherTemperatureHasASmallerLogLoss() {
        Temperature fitted = Temperature.fit(Predictions.of(rows));
        assertThat(fitted.logLossAfter()).isLessThanOrEqualTo(fitted.logLossBefore());
        for (double factor : new double[] {0.9, 0.99, 1.01, 1.1}) {
            Temperature other = new Temperature(fitted.temperature() * factor, 0, 0);
            assertThat(logLoss(other)).isGreaterThan(fitted.logLossAfter());
        }
        assertThat(logLoss(fitted)).isCloseTo(fitted.logLossAfter(), within(1e-9));
    }

    @Test
    void sharpenedProbabilitiesAreSoftenedBack() {
        Temperature sharpen = new Temperature(0.7, 0, 0);
        double once = Temperature.fit(Predictions.of(rows)).temperature();
        List<Prediction> sharp = rows.stream().map(row -> scaled(row, sharpen)).toList();
        assertThat(Temperature.fit(Predictions.of(sharp)).temperature()).isCloseTo(once / 0.7, within(1e-3));
    }

    @Test
    void theMostProbableGradeStays() {
        Temperature soften = new Temperature(3, 0, 0);
        assertThat(rows)
                .allSatisfy(row -> assertThat(distribution(scaled(row, soften)).mostProbable())
                        .isEqualTo(distribution(row).mostProbable()));
    }

    private double logLoss(Temperature temperature) {
        List<Prediction> scaled =
                rows.stream().map(row -> scaled(row, temperature)).toList();
        return CalibrationScores.of(Predictions.of(scaled)).logLoss().orElse(-1);
    }

    private static Prediction scaled(Prediction row, Temperature temperature) {
        return new Prediction(
                row.imageId(),
                row.patientId(),
                row.grade(),
                row.predicted(),
                temperature.scale(distribution(row)),
                null);
    }

    private static Distribution distribution(Prediction row) {
        Distribution distribution = row.distribution();
        assertThat(distribution).isNotNull();
        return distribution;
    }
}
