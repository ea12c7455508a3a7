package io.patella.statistics.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ConfusionLaws {
    @Property
    void kappasDoNotCareWhoIsTheReference(@ForAll("grades") int[][] pair, @ForAll Weighting weighting) {
        Confusion one = Confusion.of(pair[0], pair[1]);
        Confusion other = Confusion.of(pair[1], pair[0]);
        assertThat(one.kappa(weighting)).isEqualTo(other.kappa(weighting));
        assertThat(one.kappaStandardError(weighting).orElse(-1))
                .isCloseTo(other.kappaStandardError(weighting).orElse(-1), within(1e-12));
    }

    @Property
    void everyFigureLiesInItsBounds(@ForAll("grades") int[][] pair) {
        Confusion confusion = Confusion.of(pair[0], pair[1]);
        assertThat(confusion.figure(Metric.QWK).orElse(0)).isBetween(-1.0, 1.0);
        assertThat(confusion.figure(Metric.ACCURACY).orElse(-1)).isBetween(0.0, 1.0);
        assertThat(confusion.figure(Metric.MACRO_F1).orElse(-1)).isBetween(0.0, 1.0);
        assertThat(confusion.figure(Metric.MAE).orElse(-1)).isBetween(0.0, 4.0);
        assertThat(confusion.adjacentAccuracy().orElse(-1))
                .isBetween(confusion.figure(Metric.ACCURACY).orElse(-1), 1.0);
    }

    @Property
    void turningTheScaleRoundChangesNoAgreement(@ForAll("grades") int[][] pair) {
        int[] a = Arrays.stream(pair[0]).map(grade -> 4 - grade).toArray();
        int[] b = Arrays.stream(pair[1]).map(grade -> 4 - grade).toArray();
        for (Metric metric : Metric.values()) {
            assertThat(Confusion.of(a, b).figure(metric).orElse(-9))
                    .isCloseTo(Confusion.of(pair[0], pair[1]).figure(metric).orElse(-9), within(1e-14));
        }
    }

    @Property
    void anImageMoreThatIsGradedRightNeverLowersAccuracyOrRaisesMae(@ForAll("grades") int[][] pair) {
        int[] a = Arrays.copyOf(pair[0], pair[0].length + 1); // one more KL 0 graded 0
        int[] b = Arrays.copyOf(pair[1], pair[1].length + 1);
        Confusion before = Confusion.of(pair[0], pair[1]);
        Confusion after = Confusion.of(a, b);
        assertThat(after.figure(Metric.ACCURACY).orElse(-1))
                .isGreaterThanOrEqualTo(before.figure(Metric.ACCURACY).orElse(9));
        assertThat(after.figure(Metric.MAE).orElse(9))
                .isLessThanOrEqualTo(before.figure(Metric.MAE).orElse(-1));
    }

    @Provide
    Arbitrary<int[][]> grades() {
        return Arbitraries.integers()
                .between(1, 60)
                .flatMap(n -> Arbitraries.integers()
                        .between(0, 4)
                        .array(int[].class)
                        .ofSize(n)
                        .array(int[][].class)
                        .ofSize(2));
    }
}
