package io.patella.statistics.comparison;

import static io.patella.statistics.Golden.assertFigure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.statistics.Figure;
import io.patella.statistics.Golden;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DeLong, McNemar and paired bootstrap against statsmodels and numpy. */
class ComparisonGoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"two_models_60", "two_models_1239", "two_models_identical"})
    void everyTestIsTheReferenceAnswer(String name) {
        Golden golden = Golden.read("agreement/" + name);
        Comparison comparison = Comparison.of(model(golden, "a"), model(golden, "b"), Bootstrap.standard());

        JsonNode deLong = golden.answers().get("delong_kl_ge_2");
        assertFigure("auc a", comparison.deLong().firstAuc(), deLong.get("auc").get(0));
        assertFigure("auc b", comparison.deLong().secondAuc(), deLong.get("auc").get(1));
        assertFigure("standard error", comparison.deLong().standardError(), deLong.get("standard_error"));
        assertFigure("z", comparison.deLong().z(), deLong.get("z"));
        assertFigure("p", comparison.deLong().p(), deLong.get("p_two_sided"));

        JsonNode mcNemar = golden.answers().get("mcnemar");
        assertThat(comparison.mcNemar().onlyFirstRight())
                .isEqualTo(mcNemar.get("counts").get(0).get(1).intValue());
        assertThat(comparison.mcNemar().onlySecondRight())
                .isEqualTo(mcNemar.get("counts").get(1).get(0).intValue());
        assertFigure("exact p", Figure.of(comparison.mcNemar().p()), mcNemar.get("exact_p"));

        for (Difference difference : comparison.differences()) {
            JsonNode expected = golden.answers()
                    .get("paired_patient_bootstrap_a_minus_b")
                    .get(difference.name().metric());
            assertFigure(difference.name().metric(), difference.interval().estimate(), expected.get("point"));
            assertBound(difference.interval().lower(), expected.get("lower"), comparison.images());
            assertBound(difference.interval().upper(), expected.get("upper"), comparison.images());
        }
    }

    private static void assertBound(Figure bound, JsonNode reference, int images) {
        double tolerance = 4 * reference.get("sd").doubleValue() * Math.sqrt(1 + 1 / 20.0) + 1.0 / images;
        assertThat(bound.orElse(Double.NaN)).isCloseTo(reference.get("mean").doubleValue(), within(tolerance));
    }

    private static Predictions model(Golden golden, String which) {
        List<Prediction> rows = new ArrayList<>();
        for (CSVRecord row : golden.rows()) {
            rows.add(new Prediction(
                    row.get("image_id"),
                    row.get("patient_id"),
                    Integer.parseInt(row.get("grade")),
                    Integer.parseInt(row.get("grade_" + which)),
                    null,
                    Double.valueOf(row.get("p_kl_ge_2_" + which))));
        }
        return Predictions.of(rows);
    }
}
