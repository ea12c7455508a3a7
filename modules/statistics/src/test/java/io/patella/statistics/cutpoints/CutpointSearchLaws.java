package io.patella.statistics.cutpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CutpointSearchLaws {
    @Property(tries = 15)
    void noCombinationBeatsTheChosenOneAndItsQwkIsTheDecodedTables(@ForAll long seed) {
        Random random = new Random(seed);
        int[] grades = random.ints(30, 0, 5).toArray();
        double[][] ordinal = Arrays.stream(grades)
                .mapToObj(grade -> random.doubles(4).map(noise -> 0.6 * noise).toArray())
                .toArray(double[][]::new);
        for (int i = 0; i < grades.length; i++) {
            for (int k = 0; k < 4; k++) {
                ordinal[i][k] += grades[i] > k ? 0.35 : 0.05;
            }
        }
        TunedCutpoints tuned = CutpointSearch.exact(ordinal, grades);
        assertThat(tuned.qwk().orElse(-9)).isEqualTo(qwk(tuned.cutpoints(), ordinal, grades));
        for (int attempt = 0; attempt < 200; attempt++) {
            double[] some =
                    random.ints(4, 30, 71).sorted().mapToDouble(i -> i / 100.0).toArray();
            assertThat(qwk(Cutpoints.of(some), ordinal, grades))
                    .isLessThanOrEqualTo(tuned.qwk().orElse(-9));
        }
        assertThat(CutpointSearch.coordinateDescent(ordinal, grades).qwk().orElse(-9))
                .isLessThanOrEqualTo(tuned.qwk().orElse(-9));
    }

    @Example
    void cutpointsNeverFall() {
        assertThatThrownBy(() -> new Cutpoints(0.5, 0.4, 0.5, 0.6))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("must not fall and must lie in 0.30..0.70");
        assertThatThrownBy(() -> new Cutpoints(0.2, 0.4, 0.5, 0.6)).hasMessageContaining("0.2");
    }

    private static double qwk(Cutpoints cutpoints, double[][] ordinal, int[] grades) {
        int[] decoded = Arrays.stream(ordinal).mapToInt(cutpoints::decode).toArray();
        return Confusion.of(grades, decoded).figure(Metric.QWK).orElse(-9);
    }
}
