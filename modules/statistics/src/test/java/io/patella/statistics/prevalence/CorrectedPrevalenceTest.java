package io.patella.statistics.prevalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.Tables;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.Patients;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorrectedPrevalenceTest {
    private static final int[] CONFUSION = {
        80, 20, 0, 0, 0,
        30, 50, 20, 0, 0,
        0, 20, 70, 10, 0,
        0, 0, 10, 85, 5,
        0, 0, 0, 10, 90
    };

    @Test
    void errorsAreUndoneExactlyWhereTheyCanBe() {
        double[] truth = {0.1, 0.2, 0.3, 0.3, 0.1};
        int[] predicted = new int[5];
        for (int j = 0; j < 5; j++) {
            double share = 0;
            for (int i = 0; i < 5; i++) {
                share += truth[i] * CONFUSION[i * 5 + j] / 100.0;
            }
            predicted[j] = (int) Math.round(share * 100_000);
        }
        double[] corrected = CorrectedPrevalence.corrected(predicted, CONFUSION);
        for (int i = 0; i < 5; i++) {
            assertThat(corrected[i]).isCloseTo(truth[i], within(1e-9));
        }
    }

    @Test
    void sharesStayBetweenZeroAndOneWhereInversionWouldLeave() {
        double[] corrected = CorrectedPrevalence.corrected(new int[] {0, 100, 0, 0, 0}, CONFUSION);
        assertThat(Arrays.stream(corrected).sum()).isCloseTo(1, within(1e-12));
        assertThat(Arrays.stream(corrected).boxed())
                .allSatisfy(share -> assertThat(share).isBetween(0.0, 1.0));
    }

    @Test
    void theIntervalHoldsTheTruthThatPredictedSharesMiss() {
        List<Prediction> validation = Tables.random(1, 600, 2);
        List<Prediction> target = Tables.random(2, 1500, 2).stream()
                .filter(row -> row.grade() != 0)
                .toList();
        Predictions rows = Predictions.of(target);
        CorrectedPrevalence prevalence = CorrectedPrevalence.of(
                Evaluation.patients(Predictions.of(validation)),
                Patients.of(rows.patientIndex(), rows.predicted(), 5),
                Bootstrap.standard().withResamples(300));
        assertThat(prevalence.observed().get(0)).isGreaterThan(0.03); // nobody has grade 0, the grader says otherwise
        assertThat(prevalence.corrected().get(0).lower().orElse(1)).isLessThan(0.02);
        double klGe2 = target.stream().filter(row -> row.grade() >= 2).count() / (double) target.size();
        assertThat(klGe2)
                .isBetween(
                        prevalence.klGe2().lower().orElse(1),
                        prevalence.klGe2().upper().orElse(0));
    }

    @Test
    void aGradeWithoutValidationImageIsSaidSo() {
        int[] patient = {0, 1};
        CorrectedPrevalence prevalence = CorrectedPrevalence.of(
                Patients.of(patient, new int[] {0, 6}, 25),
                Patients.of(patient, new int[] {0, 4}, 5),
                Bootstrap.standard().withResamples(10));
        assertThat(prevalence.notes()).contains("grade 4: no validation image, taken as graded right");
    }

    @Test
    void countsAreFiveAndTwentyFive() {
        assertThatThrownBy(() -> CorrectedPrevalence.corrected(new int[5], CONFUSION))
                .hasMessageContaining("not five counts with a sum above 0");
        assertThatThrownBy(() -> CorrectedPrevalence.corrected(new int[] {1, 0, 0, 0, 0}, new int[4]))
                .hasMessageContaining("not 25 counts: 4");
    }
}
