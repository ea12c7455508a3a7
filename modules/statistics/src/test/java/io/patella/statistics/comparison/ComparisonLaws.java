package io.patella.statistics.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.Tables;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ComparisonLaws {
    private static final Bootstrap FEW = Bootstrap.standard().withResamples(100);

    @Property(tries = 20)
    void changingSidesChangesSigns(@ForAll long seed) {
        List<Prediction> rows = Tables.random(seed, 40, 2);
        Predictions a = Predictions.of(rows);
        Predictions b = Predictions.of(worse(rows, seed));
        Comparison forth = Comparison.of(a, b, FEW);
        Comparison back = Comparison.of(b, a, FEW);
        for (int m = 0; m < forth.differences().size(); m++) {
            assertThat(forth.differences().get(m).interval().estimate().orElse(9))
                    .isCloseTo(-back.differences().get(m).interval().estimate().orElse(9), within(1e-15));
        }
        assertThat(forth.mcNemar().p()).isEqualTo(back.mcNemar().p());
        assertThat(forth.deLong().p().orElse(-1)).isCloseTo(back.deLong().p().orElse(-1), within(1e-9));
    }

    @Property(tries = 20)
    void aGraderDoesNotDifferFromItself(@ForAll long seed) {
        Predictions a = Predictions.of(Tables.random(seed, 40, 2));
        Comparison comparison = Comparison.of(a, a, FEW);
        assertThat(comparison.differences())
                .allSatisfy(difference ->
                        assertThat(difference.interval().upper().orElse(1)).isZero());
        assertThat(comparison.mcNemar().p()).isEqualTo(1);
        assertThat(comparison.deLong().z().isDefined()).isFalse();
    }

    @Property
    void holmKeepsOrderAndNeverLowersAPValue(@ForAll long seed) {
        List<Double> p = new Random(seed).doubles(5).boxed().toList();
        List<Double> adjusted = Holm.adjusted(p);
        for (int i = 0; i < p.size(); i++) {
            assertThat(adjusted.get(i)).isBetween(p.get(i), 1.0);
            for (int j = 0; j < p.size(); j++) {
                if (p.get(i) < p.get(j)) {
                    assertThat(adjusted.get(i)).isLessThanOrEqualTo(adjusted.get(j));
                }
            }
        }
    }

    private static List<Prediction> worse(List<Prediction> rows, long seed) {
        Random random = new Random(seed);
        return rows.stream()
                .map(row -> new Prediction(
                        row.imageId(),
                        row.patientId(),
                        row.grade(),
                        random.nextInt(3) == 0 ? random.nextInt(5) : row.predicted(),
                        null,
                        random.nextDouble()))
                .toList();
    }
}
