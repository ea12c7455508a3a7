package io.patella.statistics.evaluation;

import static io.patella.statistics.Golden.TOLERANCE;
import static io.patella.statistics.Golden.assertFigure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.statistics.Figure;
import io.patella.statistics.Golden;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.curves.Curve;
import io.patella.statistics.cutpoints.Cutpoints;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.GradeScores;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Predictions;
import io.patella.statistics.metrics.Weighting;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** scikit-learn's answers on ordinary and degenerate tables, to 1e-12. */
class EvaluationGoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ordinary_n0001",
                "ordinary_n0002",
                "ordinary_n0037",
                "ordinary_n0257",
                "ordinary_n1239",
                "ordinary_n5000",
                "class2_missing_in_truth",
                "class2_missing_everywhere",
                "grades_3_4_missing_in_truth",
                "truth_one_class",
                "truth_one_class_all_right",
                "constant_prediction",
                "perfect_hard",
                "all_wrong_hard",
                "ties_coarse",
                "all_scores_equal",
                "non_monotone_ordinals"
            })
    void everyFigureIsTheReferenceAnswer(String name) {
        Golden golden = Golden.read("metrics/" + name);
        Evaluation evaluation = Evaluation.of(
                Predictions.of(golden.predictions()), Bootstrap.standard().withResamples(20));
        JsonNode classes = golden.answers().get("classification");
        JsonNode scores = golden.answers().get("probabilistic");

        Confusion confusion = evaluation.confusion();
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                assertThat(confusion.count(i, j))
                        .isEqualTo(classes.get("confusion").get(i).get(j).intValue());
            }
        }
        assertFigure("qwk", evaluation.interval(Metric.QWK).estimate(), classes.get("qwk"));
        assertThat(evaluation.interval(Metric.QWK).estimate().orElse(Double.NaN))
                .as("the correctly rounded fraction")
                .isEqualTo(Double.valueOf(Golden.fraction(classes.get("qwk_exact"))));
        assertFigure("accuracy", evaluation.interval(Metric.ACCURACY).estimate(), classes.get("accuracy"));
        assertFigure("macro_f1", evaluation.interval(Metric.MACRO_F1).estimate(), classes.get("macro_f1"));
        assertFigure("mae", evaluation.interval(Metric.MAE).estimate(), classes.get("mae"));
        assertFigure("adjacent", evaluation.adjacentAccuracy(), classes.get("adjacent_accuracy"));
        assertFigure("adjacent errors", evaluation.adjacentErrorShare(), classes.get("share_of_errors_adjacent"));
        assertFigure("kappa", confusion.kappa(Weighting.UNWEIGHTED), classes.get("kappa_unweighted"));
        assertFigure("linear kappa", confusion.kappa(Weighting.LINEAR), classes.get("kappa_linear"));
        for (GradeScores grade : evaluation.perGrade()) {
            JsonNode expected = classes.get("per_class");
            int k = grade.grade();
            assertFigure(
                    "precision " + k,
                    Figure.of(grade.precision()),
                    expected.get("precision").get(k));
            assertFigure(
                    "recall " + k,
                    Figure.of(grade.recall()),
                    expected.get("recall").get(k));
            assertFigure("f1 " + k, Figure.of(grade.f1()), expected.get("f1").get(k));
            assertThat(grade.support()).isEqualTo(expected.get("support").get(k).intValue());
            assertFigure(
                    "roc " + k,
                    evaluation.discrimination().rocAuc().perGrade().get(k),
                    scores.get("roc_auc_per_class").get(k));
            assertFigure(
                    "ap " + k,
                    evaluation.discrimination().averagePrecision().perGrade().get(k),
                    scores.get("average_precision_per_class").get(k));
        }
        assertFigure(
                "roc macro",
                evaluation.discrimination().rocAuc().macro(),
                scores.get("roc_auc_macro_over_defined_classes"));
        assertFigure("roc micro", evaluation.discrimination().rocAuc().micro(), scores.get("roc_auc_micro"));
        assertFigure(
                "ap macro",
                evaluation.discrimination().averagePrecision().macro(),
                scores.get("average_precision_macro_over_defined_classes"));
        assertFigure(
                "ap micro",
                evaluation.discrimination().averagePrecision().micro(),
                scores.get("average_precision_micro"));
        JsonNode klGe2 = scores.get("kl_ge_2");
        assertFigure("kl_ge_2 roc", evaluation.discrimination().klGe2RocAuc(), klGe2.get("roc_auc"));
        assertFigure("kl_ge_2 ap", evaluation.discrimination().klGe2AveragePrecision(), klGe2.get("average_precision"));
        assertFigure("kl_ge_2 brier", evaluation.calibration().klGe2Brier(), klGe2.get("brier"));
        assertFigure("brier", evaluation.calibration().brier(), scores.get("brier_multiclass_sum_over_classes"));
        assertFigure("ece", evaluation.calibration().expectedCalibrationError(), scores.get("ece_15_equal_width"));
        assertFigure("log loss", evaluation.calibration().logLoss(), scores.get("log_loss"));
        assertFigure("rps", evaluation.calibration().rps(), scores.get("rps_sum"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ordinary_n0037", "constant_prediction", "all_scores_equal", "all_wrong_hard"})
    void curvesPassThroughTheReferencePoints(String name) {
        Golden golden = Golden.read("metrics/" + name);
        Evaluation evaluation = Evaluation.of(
                Predictions.of(golden.predictions()), Bootstrap.standard().withResamples(1));
        JsonNode klGe2 = golden.answers().get("probabilistic").get("kl_ge_2");
        Curve roc = curve(evaluation, "roc:kl_ge_2");
        JsonNode expected = klGe2.get("roc_curve");
        assertThat(roc.points()).hasSize(expected.get("fpr").size());
        for (int i = 0; i < roc.points().size(); i++) {
            assertThat(roc.points().get(i).x())
                    .isCloseTo(expected.get("fpr").get(i).doubleValue(), within(TOLERANCE));
            assertThat(roc.points().get(i).y())
                    .isCloseTo(expected.get("tpr").get(i).doubleValue(), within(TOLERANCE));
        }
        // scikit-learn lists precision and recall from the lowest threshold on and ends with recall 0
        Curve pr = curve(evaluation, "precision_recall:kl_ge_2");
        JsonNode reference = klGe2.get("pr_curve");
        int points = pr.points().size();
        assertThat(points).isEqualTo(reference.get("thresholds").size());
        for (int i = 0; i < points; i++) {
            assertThat(pr.points().get(points - 1 - i).y())
                    .isCloseTo(reference.get("precision").get(i).doubleValue(), within(TOLERANCE));
            assertThat(pr.points().get(points - 1 - i).x())
                    .isCloseTo(reference.get("recall").get(i).doubleValue(), within(TOLERANCE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ordinary_n0257", "non_monotone_ordinals", "ties_coarse", "constant_prediction"})
    void aGradeIsTheNumberOfExceededCutpoints(String name) {
        Golden golden = Golden.read("metrics/" + name);
        JsonNode decode = golden.answers().get("ordinal_decode");
        double[] cutpoints = new double[4];
        for (int k = 0; k < 4; k++) {
            cutpoints[k] = decode.get("cutpoints").get(k).doubleValue();
        }
        Cutpoints tuned = Cutpoints.of(cutpoints);
        JsonNode grades = decode.get("sum_gt").get("grades");
        double[][] ordinal = golden.ordinal();
        for (int i = 0; i < ordinal.length && grades.isArray(); i++) {
            assertThat(tuned.decode(ordinal[i]))
                    .as("row %d", i)
                    .isEqualTo(grades.get(i).intValue());
        }
        int[] counts = new int[5];
        for (double[] row : ordinal) {
            counts[tuned.decode(row)]++;
        }
        for (int k = 0; k < 5; k++) {
            assertThat(counts[k])
                    .isEqualTo(decode.get("sum_gt").get("counts").get(k).intValue());
        }
    }

    private static Curve curve(Evaluation evaluation, String name) {
        return evaluation.discrimination().curves().stream()
                .filter(curve -> curve.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
