package io.patella.statistics.metrics;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {
    @Test
    void anImageStandsOnce() {
        Prediction row = Prediction.hard("x", "p", 0, 1);
        assertThatThrownBy(() -> Predictions.of(List.of(row, row))).hasMessageContaining("image stands twice: x");
    }

    @Test
    void probabilitiesStandInAllRowsOrInNone() {
        Prediction with = new Prediction("x", "p", 0, 0, new Distribution(1, 0, 0, 0, 0), null);
        assertThatThrownBy(() -> Predictions.of(List.of(with, Prediction.hard("y", "p", 0, 0))))
                .hasMessageContaining("p0..p4 missing for some rows: y");
    }

    @Test
    void gradesAndProbabilitiesAreChecked() {
        assertThatThrownBy(() -> Prediction.hard("x", "p", 5, 0))
                .hasMessageContaining("reference grade of x: grade outside 0..4: 5");
        assertThatThrownBy(() -> new Distribution(0.5, 0.4, 0, 0, 0)).hasMessageContaining("do not sum to 1: 0.9");
        assertThatThrownBy(() -> new Distribution(Double.NaN, 1, 0, 0, 0)).hasMessageContaining("outside 0..1: NaN");
        assertThatThrownBy(() -> new Prediction("x", "p", 1, 1, null, 1.5))
                .hasMessageContaining("p_kl_ge_2 of x: no probability: 1.5");
        assertThatThrownBy(() -> Predictions.of(List.of())).hasMessageContaining("no rows");
    }
}
