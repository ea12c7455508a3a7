package io.patella.statistics.evaluation;

import io.patella.statistics.Figure;
import io.patella.statistics.calibration.CalibrationScores;
import io.patella.statistics.curves.Averaged;
import io.patella.statistics.curves.Discrimination;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.GradeScores;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Predictions;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every scalar figure of a table by its name, undefined ones with the reason. */
final class TableFigures {
    private TableFigures() {}

    /** The four metrics, then the other figures of counts, then, where the table has them, those of probabilities. */
    static Map<FigureName, Figure> of(Predictions predictions) {
        Map<FigureName, Figure> figures = new LinkedHashMap<>();
        Confusion confusion = predictions.confusion();
        for (Metric metric : Metric.values()) {
            figures.put(FigureName.of(metric), confusion.figure(metric));
        }
        figures.put(FigureName.of("adjacent_accuracy"), confusion.adjacentAccuracy());
        figures.put(FigureName.of("adjacent_error_share"), confusion.adjacentErrorShare());
        for (GradeScores grade : confusion.perGrade()) {
            figures.put(new FigureName("precision", grade.grade()), Figure.of(grade.precision()));
            figures.put(new FigureName("recall", grade.grade()), Figure.of(grade.recall()));
            figures.put(new FigureName("f1", grade.grade()), Figure.of(grade.f1()));
        }
        Discrimination discrimination = Discrimination.of(predictions);
        if (predictions.hasDistribution()) {
            put("roc_auc", discrimination.rocAuc(), figures);
            put("average_precision", discrimination.averagePrecision(), figures);
            CalibrationScores calibration = CalibrationScores.of(predictions);
            figures.put(FigureName.of("brier"), calibration.brier());
            figures.put(FigureName.of("ece_15"), calibration.expectedCalibrationError());
            figures.put(FigureName.of("log_loss"), calibration.logLoss());
            figures.put(FigureName.of("rps"), calibration.rps());
        }
        if (predictions.hasKlGe2()) {
            figures.put(FigureName.of("kl_ge_2_roc_auc"), discrimination.klGe2RocAuc());
            figures.put(FigureName.of("kl_ge_2_average_precision"), discrimination.klGe2AveragePrecision());
        }
        return figures;
    }

    private static void put(String metric, Averaged averaged, Map<FigureName, Figure> to) {
        for (int k = 0; k < averaged.perGrade().size(); k++) {
            to.put(new FigureName(metric, k), averaged.perGrade().get(k));
        }
        to.put(FigureName.of(metric + "_macro"), averaged.macro());
        to.put(FigureName.of(metric + "_micro"), averaged.micro());
    }
}
