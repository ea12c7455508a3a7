package io.patella.statistics.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.Figure;
import io.patella.statistics.Tables;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.IntervalMethod;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ComparisonLaws {
    private static final Bootstrap FEW = Bootstrap.standard().withResamples(100);

    @Property(tries = 20)
    void changingSidesChangesSignsAndExchangesBounds(@ForAll long seed, @ForAll IntervalMethod method) {
        List<Prediction> rows = Tables.random(seed, 40, 2);
        Predictions a = Predictions.of(rows);
        Predictions b = Predictions.of(worse(rows, seed));
        Comparison forth = Comparison.of(a, b, FEW.withMethod(method));
        Comparison back = Comparison.of(b, a, FEW.withMethod(method));
        assertThat(all(forth)).hasSize(4 + 17 + 20);
        for (int f = 0; f < all(forth).size(); f++) {
            Difference one = all(forth).get(f);
            Difference other = all(back).get(f);
            assertThat(other.name()).isEqualTo(one.name());
            assertOpposite(one, one.interval().estimate(), other.interval().estimate());
            assertOpposite(one, one.interval().lower(), other.interval().upper());
            assertOpposite(one, one.interval().upper(), other.interval().lower());
            assertThat(one.interval().undefinedResamples())
                    .isEqualTo(other.interval().undefinedResamples());
        }
        assertThat(forth.mcNemar().p()).isEqualTo(back.mcNemar().p());
        assertThat(forth.deLong().p().orElse(-1)).isCloseTo(back.deLong().p().orElse(-1), within(1e-9));
    }

    private static void assertOpposite(Difference difference, Figure one, Figure other) {
        assertThat(one.isDefined()).as(difference.name().title()).isEqualTo(other.isDefined());
        assertThat(one.orElse(0)).as(difference.name().title()).isCloseTo(-other.orElse(0), within(1e-12));
    }

    private static List<Difference> all(Comparison comparison) {
        return Stream.concat(comparison.differences().stream(), comparison.further().stream())
                .toList();
    }

    @Property(tries = 20)
    void aGraderDoesNotDifferFromItself(@ForAll long seed, @ForAll IntervalMethod method) {
        Predictions a = Predictions.of(Tables.random(seed, 40, 2));
        Comparison comparison = Comparison.of(a, a, FEW.withMethod(method));
        assertThat(all(comparison)).allSatisfy(difference -> {
            if (difference.interval().estimate().isDefined()) {
                assertThat(difference.interval().estimate().value()).isZero();
                assertThat(difference.interval().lower().value()).isZero();
                assertThat(difference.interval().upper().value()).isZero();
            } else {
                assertThat(difference.interval().lower().reason()).contains("of a is undefined: ");
            }
        });
        assertThat(comparison.differences())
                .allMatch(difference -> difference.interval().estimate().isDefined());
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
                .map(row -> {
                    double[] weights = random.doubles(5, 0.01, 1).toArray();
                    double sum = Arrays.stream(weights).sum();
                    return new Prediction(
                            row.imageId(),
                            row.patientId(),
                            row.grade(),
                            random.nextInt(3) == 0 ? random.nextInt(5) : row.predicted(),
                            Distribution.of(
                                    Arrays.stream(weights).map(w -> w / sum).toArray()),
                            null);
                })
                .toList();
    }
}
