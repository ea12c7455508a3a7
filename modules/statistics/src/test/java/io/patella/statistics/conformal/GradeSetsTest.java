package io.patella.statistics.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.statistics.Figure;
import io.patella.statistics.Tables;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradeSetsTest {
    @Test
    void everyGradeIsCoveredAsPromisedOnOtherPatients() {
        GradeSets sets = GradeSets.calibrate(Predictions.of(Tables.random(1, 2000, 1)), 0.1);
        GradeSets.Coverage coverage = sets.coverage(Predictions.of(Tables.random(2, 4000, 1)));
        for (Figure grade : coverage.perGrade()) {
            assertThat(grade.orElse(0)).isBetween(0.85, 0.95);
        }
        assertThat(coverage.meanSize()).isBetween(1.0, 3.0);
    }

    @Test
    void aGradeThatValidationHardlyKnowsIsNeverExcluded() {
        List<Prediction> withoutFour =
                Tables.random(3, 300, 1).stream().filter(row -> row.grade() < 4).toList();
        GradeSets sets = GradeSets.calibrate(Predictions.of(withoutFour), 0.1);
        assertThat(sets.threshold(4).reason()).contains("too few images of grade 4");
        assertThat(sets.of(new Distribution(1, 0, 0, 0, 0)).grades()).contains(4);
    }

    @Test
    void aKneeAbstainsUnlessItsSetIsOneGradeOrTwoNeighbours() {
        assertThat(GradeSet.of(List.of(2)).abstains()).isFalse();
        assertThat(GradeSet.of(List.of(2, 3)).abstains()).isFalse();
        assertThat(GradeSet.of(List.of(1, 3)).abstains()).isTrue();
        assertThat(GradeSet.of(List.of(1, 2, 3)).abstains()).isTrue();
        assertThat(GradeSet.of(List.of()).abstains()).isTrue();
    }

    @Test
    void alphaLiesBetweenZeroAndOne() {
        Predictions validation = Predictions.of(Tables.random(1, 10, 1));
        assertThatThrownBy(() -> GradeSets.calibrate(validation, 1)).hasMessageContaining("not between 0 and 1: 1.0");
    }
}
