package io.patella.statistics.cutpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThresholdCentreTest {
    private static final int N = 4000;

    private final int[] grades = new int[N];
    private final double[][] ordinal = new double[N][4];

    /** A head that is right but for biases that fall with the threshold. */
    private void biased(double... bias) {
        Random random = new Random(5);
        for (int i = 0; i < N; i++) {
            grades[i] = i % 5;
            double seen = grades[i] + 0.4 * random.nextGaussian();
            for (int k = 0; k < 4; k++) {
                double logit = 3 * (seen - k - 0.5) + bias[k];
                ordinal[i][k] = 1 / (1 + Math.exp(-logit));
            }
        }
    }

    private double qwk(List<Double> cut) {
        int[] predicted = new int[N];
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < 4; k++) {
                predicted[i] += ordinal[i][k] > cut.get(k) ? 1 : 0;
            }
        }
        return Metric.QWK.ofCounts(Confusion.of(grades, predicted).cells());
    }

    @Test
    void biasesOfTheHeadAreFound() {
        double[] bias = {1, 0.3, -0.8, -1.5};
        biased(bias);
        List<Double> centre = ThresholdCentre.of(ordinal, grades);
        for (int k = 0; k < 4; k++) {
            double logit = Math.log(centre.get(k) / (1 - centre.get(k)));
            assertThat(logit).as("threshold " + k).isCloseTo(bias[k], within(0.4));
        }
        assertThat(qwk(centre))
                .isGreaterThan(CutpointSearch.exact(ordinal, grades).qwk().value() + 0.005);
    }

    @Test
    void aHeadThatIsRightStaysNearHalf() {
        biased(0, 0, 0, 0);
        assertThat(ThresholdCentre.of(ordinal, grades))
                .allSatisfy(each -> assertThat(each).isCloseTo(0.5, within(0.08)));
    }

    @Test
    void whatChangesNothingStays() {
        int[] one = {2, 2, 2};
        assertThat(ThresholdCentre.of(new double[3][4], one)).containsExactly(0.5, 0.5, 0.5, 0.5);
    }
}
