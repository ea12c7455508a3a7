package io.patella.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.patella.network.grader.Scale;
import io.patella.statistics.cutpoints.Cutpoints;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrecisionDifferenceTest {
    private static Prediction said(@Nullable List<Double> ordinal, List<Double> distribution, int grade) {
        return new Prediction(ordinal, distribution, null, 0, grade, Scale.FIVE, null, null);
    }

    @Test
    void gradesNearACutpointAreCounted() {
        List<Double> any = List.of(0.2, 0.2, 0.2, 0.2, 0.2);
        List<Prediction> exact =
                List.of(said(List.of(0.9, 0.8, 0.1, 0.0), any, 2), said(List.of(0.9, 0.505, 0.1, 0.0), any, 2));
        List<Prediction> reduced =
                List.of(said(List.of(0.9, 0.79, 0.1, 0.0), any, 2), said(List.of(0.9, 0.498, 0.1, 0.0), any, 1));
        PrecisionDifference cost = PrecisionDifference.of(exact, reduced, Cutpoints.HALF);
        assertThat(cost.largest()).isCloseTo(0.01, within(1e-12));
        assertThat(cost.mean()).isCloseTo(0.017 / 8, within(1e-12));
        assertThat(cost.near()).isEqualTo(1);
        assertThat(cost.changed()).isEqualTo(1);
    }

    @Test
    void withoutAnOrdinalHeadTheLeadOfTheMostProbableGradeCounts() {
        List<Prediction> exact = List.of(
                said(null, List.of(0.5, 0.49, 0.01, 0.0, 0.0), 0), said(null, List.of(0.1, 0.8, 0.1, 0.0, 0.0), 1));
        List<Prediction> reduced = List.of(
                said(null, List.of(0.49, 0.5, 0.01, 0.0, 0.0), 1), said(null, List.of(0.1, 0.8, 0.1, 0.0, 0.0), 1));
        PrecisionDifference cost = PrecisionDifference.of(exact, reduced, Cutpoints.HALF);
        assertThat(cost.near()).isEqualTo(1);
        assertThat(cost.changed()).isEqualTo(1);
    }

    @Test
    void samplesMustBeTheSame() {
        assertThatThrownBy(() -> PrecisionDifference.of(List.of(), List.of(), Cutpoints.HALF))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 and 0 predictions");
    }
}
