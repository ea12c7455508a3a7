package io.patella.evaluating;

import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.curves.Curve;
import io.patella.statistics.curves.CurvePoint;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.evaluation.FigureName;
import io.patella.statistics.metrics.GradeScores;
import io.patella.statistics.metrics.Metric;
import io.patella.tables.row.CurveRow;
import io.patella.tables.row.EvaluationRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluations as rows of {@code evaluations} and {@code curves}. */
public final class EvaluationRows {
    /** More points than this are thinned before they are stored. */
    private static final int MOST_POINTS = 500;

    private final String runId;

    /** Rows that carry {@code runId}. */
    public EvaluationRows(String runId) {
        this.runId = runId;
    }

    /**
     * The figures of one group with their intervals: the four metrics and every other figure of all grades; of stratum
     * {@code all} those of single grades too, under {@code grade=K}.
     */
    public List<EvaluationRow> figures(GroupEvaluation found) {
        List<EvaluationRow> rows = new ArrayList<>();
        String stratum = found.group().stratum();
        Evaluation evaluation = found.evaluation();
        if (evaluation == null) {
            String why = found.note() == null ? "no figures" : found.note();
            for (Metric metric : Metric.values()) {
                rows.add(row(found, metric.word(), stratum, Interval.undefined(why, 0), null));
            }
            return rows;
        }
        for (Metric metric : Metric.values()) {
            rows.add(row(found, metric.word(), stratum, evaluation.interval(metric), evaluation.bootstrap()));
        }
        figuresOfAll(evaluation)
                .forEach((metric, figure) -> rows.add(
                        row(found, metric, stratum, evaluation.further(metric, figure), evaluation.bootstrap())));
        if (stratum.equals(EvaluationRow.ALL)) {
            for (GradeScores grade : evaluation.perGrade()) {
                ofGrade(evaluation, grade)
                        .forEach((metric, figure) -> rows.add(row(
                                found,
                                metric,
                                "grade=" + grade.grade(),
                                evaluation.further(new FigureName(metric, grade.grade()), figure),
                                evaluation.bootstrap())));
            }
        }
        return rows;
    }

    private static Map<String, Figure> figuresOfAll(Evaluation evaluation) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("adjacent_accuracy", evaluation.adjacentAccuracy());
        figures.put("adjacent_error_share", evaluation.adjacentErrorShare());
        figures.put("roc_auc_macro", evaluation.discrimination().rocAuc().macro());
        figures.put("roc_auc_micro", evaluation.discrimination().rocAuc().micro());
        figures.put(
                "average_precision_macro",
                evaluation.discrimination().averagePrecision().macro());
        figures.put(
                "average_precision_micro",
                evaluation.discrimination().averagePrecision().micro());
        figures.put("kl_ge_2_roc_auc", evaluation.discrimination().klGe2RocAuc());
        figures.put("kl_ge_2_average_precision", evaluation.discrimination().klGe2AveragePrecision());
        figures.put("brier", evaluation.calibration().brier());
        figures.put("ece_15", evaluation.calibration().expectedCalibrationError());
        figures.put("log_loss", evaluation.calibration().logLoss());
        figures.put("rps", evaluation.calibration().rps());
        return figures;
    }

    private static Map<String, Figure> ofGrade(Evaluation evaluation, GradeScores grade) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("precision", Figure.of(grade.precision()));
        figures.put("recall", Figure.of(grade.recall()));
        figures.put("f1", Figure.of(grade.f1()));
        figures.put("support", Figure.of(grade.support()));
        figures.put("roc_auc", evaluation.discrimination().rocAuc().perGrade().get(grade.grade()));
        figures.put(
                "average_precision",
                evaluation.discrimination().averagePrecision().perGrade().get(grade.grade()));
        return figures;
    }

    private EvaluationRow row(
            GroupEvaluation found, String metric, String stratum, Interval interval, @Nullable Bootstrap bootstrap) {
        Group group = found.group();
        Bootstrap resampled = interval.lower().isDefined() ? bootstrap : null;
        String reason = interval.estimate().reason();
        return new EvaluationRow(
                runId,
                group.cohort(),
                group.split(),
                group.part(),
                group.model(),
                group.preparation(),
                metric,
                stratum,
                interval.estimate().value(),
                interval.lower().value(),
                interval.upper().value(),
                found.images(),
                found.patients(),
                resampled == null ? null : resampled.resamples(),
                resampled == null ? null : resampled.seed(),
                reason == null ? found.note() : reason);
    }

    /** The curves of one group, if its stratum is {@code all}; else none. */
    public List<CurveRow> curves(GroupEvaluation found) {
        Group group = found.group();
        Evaluation evaluation = found.evaluation();
        List<CurveRow> rows = new ArrayList<>();
        if (evaluation == null || !group.stratum().equals(EvaluationRow.ALL)) {
            return rows;
        }
        List<Curve> curves = new ArrayList<>(evaluation.discrimination().curves());
        curves.addAll(evaluation.calibration().curves());
        for (Curve whole : curves) {
            List<CurvePoint> points = whole.thinned(MOST_POINTS).points();
            for (int i = 0; i < points.size(); i++) {
                CurvePoint point = points.get(i);
                rows.add(new CurveRow(
                        runId,
                        group.cohort(),
                        group.split(),
                        group.part(),
                        group.model(),
                        group.preparation(),
                        name(whole),
                        i,
                        point.x(),
                        point.y(),
                        Double.isFinite(point.threshold()) ? point.threshold() : null,
                        null));
            }
        }
        return rows;
    }

    /** Such as {@code roc:grade=3} or {@code pr:kl_ge_2}. */
    private static String name(Curve curve) {
        String kind = curve.kind() == Curve.Kind.PRECISION_RECALL
                ? "pr"
                : curve.kind().word();
        String subject = curve.subject();
        return kind + ":" + (subject.length() == 1 ? "grade=" + subject : subject);
    }
}
