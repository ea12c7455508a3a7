package io.patella.statistics.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.FigureName;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void anImageThatOnlyOneGraderHasIsNamed() {
        Predictions a = Predictions.of(List.of(Prediction.hard("x", "p", 1, 1), Prediction.hard("y", "p", 2, 1)));
        Predictions b = Predictions.of(List.of(Prediction.hard("x", "p", 1, 1)));
        assertThatThrownBy(() -> Comparison.of(a, b, Bootstrap.standard()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("second grader")
                .hasMessageContaining(": y (");
        assertThatThrownBy(() -> Comparison.of(b, a, Bootstrap.standard())).hasMessageContaining("first grader");
        Predictions c = Predictions.of(List.of(Prediction.hard("x", "p", 1, 1), Prediction.hard("z", "p", 2, 1)));
        assertThatThrownBy(() -> Comparison.of(a, c, Bootstrap.standard()))
                .hasMessageContaining("second grader: images that the other grader has are missing: y (")
                .hasMessageContaining("first grader: images that the other grader has are missing: z (");
    }

    @Test
    void aReferenceThatDiffersIsNamed() {
        Predictions a = Predictions.of(List.of(Prediction.hard("x", "p", 1, 1)));
        Predictions b = Predictions.of(List.of(Prediction.hard("x", "p", 2, 1)));
        assertThatThrownBy(() -> Comparison.of(a, b, Bootstrap.standard()))
                .hasMessageContaining("image x: reference grade or patient differs");
    }

    @Test
    void theMarginTurnsItsSignForMae() {
        assertThat(verdict(Metric.QWK, -0.02, 0.05)).isEqualTo(NonInferiority.Verdict.NON_INFERIOR);
        assertThat(verdict(Metric.QWK, 0.01, 0.05)).isEqualTo(NonInferiority.Verdict.SUPERIOR);
        assertThat(verdict(Metric.QWK, -0.10, 0.05)).isEqualTo(NonInferiority.Verdict.INCONCLUSIVE);
        assertThat(verdict(Metric.QWK, -0.10, -0.06)).isEqualTo(NonInferiority.Verdict.INFERIOR);
        assertThat(verdict(Metric.MAE, -0.10, 0.02)).isEqualTo(NonInferiority.Verdict.NON_INFERIOR);
        assertThat(verdict(Metric.MAE, -0.10, -0.02)).isEqualTo(NonInferiority.Verdict.SUPERIOR);
        assertThat(verdict(Metric.MAE, 0.06, 0.10)).isEqualTo(NonInferiority.Verdict.INFERIOR);
    }

    @Test
    void theMarginTurnsItsSignForLosses() {
        Interval interval =
                new Interval(Figure.of(-0.02), Figure.of(-0.10), Figure.of(0.02), Figure.of(0), Figure.of(0), 0);
        for (String loss : List.of("brier", "ece_15", "log_loss", "rps")) {
            assertThat(new Difference(FigureName.of(loss), interval, null)
                            .judged(0.05)
                            .nonInferiority())
                    .as(loss)
                    .isEqualTo(new NonInferiority(0.05, NonInferiority.Verdict.NON_INFERIOR));
        }
        assertThat(new Difference(FigureName.of("kl_ge_2_roc_auc"), interval, null)
                        .judged(0.05)
                        .nonInferiority())
                .isEqualTo(new NonInferiority(0.05, NonInferiority.Verdict.INCONCLUSIVE));
    }

    @Test
    void holmMultipliesBySteps() {
        assertThat(Holm.adjusted(List.of(0.04, 0.01, 0.03))).containsExactly(0.06, 0.03, 0.06);
    }

    private static NonInferiority.Verdict verdict(Metric metric, double lower, double upper) {
        Figure zero = Figure.of(0);
        Interval interval = new Interval(zero, Figure.of(lower), Figure.of(upper), zero, zero, 0);
        NonInferiority judged = new Difference(FigureName.of(metric), interval, null)
                .judged(0.05)
                .nonInferiority();
        assertThat(judged).isNotNull();
        return judged.verdict();
    }
}
