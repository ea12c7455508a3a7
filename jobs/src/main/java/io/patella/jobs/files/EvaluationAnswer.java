package io.patella.jobs.files;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Strata;
import io.patella.statistics.calibration.CalibrationScores;
import io.patella.statistics.curves.Averaged;
import io.patella.statistics.curves.Curve;
import io.patella.statistics.curves.CurvePoint;
import io.patella.statistics.curves.Discrimination;
import io.patella.statistics.curves.OperatingPoint;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.evaluation.FigureName;
import io.patella.statistics.evaluation.Subgroup;
import io.patella.statistics.metrics.GradeScores;
import io.patella.statistics.metrics.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an evaluation is told: as the JSON object that other programs rely on, as text for a terminal, its curves as CSV. */
public final class EvaluationAnswer {
    /** Columns of the curves' file. */
    public static final List<String> CURVE_COLUMNS = List.of("curve", "subject", "point", "threshold", "x", "y");

    private EvaluationAnswer() {}

    /** The JSON object: {@code evaluate}'s keys and, where there are any, {@code subgroups}. */
    public static Map<String, Object> json(Evaluation evaluation, List<Subgroup> subgroups) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("images", evaluation.images());
        json.put("patients", evaluation.patients());
        for (Metric metric : Metric.values()) {
            json.put(metric.word(), interval(evaluation.interval(metric)));
        }
        json.put("adjacent_accuracy", evaluation.adjacentAccuracy().value());
        json.put("adjacent_error_share", evaluation.adjacentErrorShare().value());
        json.put("per_class", evaluation.perGrade());
        json.put("confusion", evaluation.confusion().rows());
        json.put("roc_auc", averaged(evaluation.discrimination().rocAuc()));
        json.put("average_precision", averaged(evaluation.discrimination().averagePrecision()));
        json.put(
                "kl_ge_2",
                figures(
                        "roc_auc", evaluation.discrimination().klGe2RocAuc(),
                        "average_precision", evaluation.discrimination().klGe2AveragePrecision()));
        Map<String, @Nullable Object> calibration = new LinkedHashMap<>();
        calibration.put("brier", evaluation.calibration().brier().value());
        calibration.put(
                "ece_15", evaluation.calibration().expectedCalibrationError().value());
        calibration.put("log_loss", evaluation.calibration().logLoss().value());
        calibration.put("rps", evaluation.calibration().rps().value());
        json.put("calibration", calibration);
        Map<String, Object> bootstrap = new LinkedHashMap<>();
        bootstrap.put("resamples", evaluation.bootstrap().resamples());
        bootstrap.put("seed", evaluation.bootstrap().seed());
        bootstrap.put("unit", "patient");
        bootstrap.put("method", evaluation.bootstrap().method().word());
        if (evaluation.bootstrap().strata() != Strata.NONE) {
            bootstrap.put("strata", evaluation.bootstrap().strata().word());
        }
        json.put("bootstrap", bootstrap);
        json.put("intervals", furtherIntervals(evaluation));
        json.put("monte_carlo_error", monteCarloErrors(evaluation));
        if (!subgroups.isEmpty()) {
            json.put(
                    "subgroups",
                    subgroups.stream().map(EvaluationAnswer::subgroup).toList());
        }
        json.put("notes", evaluation.notes());
        return json;
    }

    /** Every figure but the four metrics: {@code {"name":{"lower","upper","lower_error","upper_error"}}}, of grades under per_class. */
    private static Map<String, Object> furtherIntervals(Evaluation evaluation) {
        Map<FigureName, Map<String, @Nullable Object>> figures = new LinkedHashMap<>();
        evaluation.further().forEach((name, interval) -> {
            Map<String, @Nullable Object> bounds = new LinkedHashMap<>();
            bounds.put("lower", interval.lower().value());
            bounds.put("upper", interval.upper().value());
            bounds.put("lower_error", interval.lowerError().value());
            bounds.put("upper_error", interval.upperError().value());
            figures.put(name, bounds);
        });
        return byName(figures);
    }

    /** What is said of figures: by the metric's name, of those of one grade under {@code per_class}. */
    static Map<String, Object> byName(Map<FigureName, Map<String, @Nullable Object>> figures) {
        Map<String, Object> all = new LinkedHashMap<>();
        List<Map<String, Object>> perClass = new ArrayList<>();
        for (int k = 0; k < Grade.COUNT; k++) {
            Map<String, Object> grade = new LinkedHashMap<>();
            grade.put("grade", k);
            perClass.add(grade);
        }
        figures.forEach((name, said) -> {
            Integer grade = name.grade();
            (grade == null ? all : perClass.get(grade)).put(name.metric(), said);
        });
        all.put("per_class", perClass);
        return all;
    }

    private static Map<String, Object> monteCarloErrors(Evaluation evaluation) {
        Map<String, Object> errors = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            Interval interval = evaluation.interval(metric);
            errors.put(metric.word(), figures("lower", interval.lowerError(), "upper", interval.upperError()));
        }
        return errors;
    }

    private static Map<String, @Nullable Object> subgroup(Subgroup subgroup) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("column", subgroup.column());
        json.put("stratum", subgroup.stratum());
        json.put("images", subgroup.images());
        json.put("patients", subgroup.patients());
        Evaluation evaluation = subgroup.evaluation();
        for (Metric metric : Metric.values()) {
            json.put(metric.word(), evaluation == null ? null : interval(evaluation.interval(metric)));
        }
        List<String> notes = new ArrayList<>();
        if (subgroup.note() != null) {
            notes.add(subgroup.note());
        }
        if (evaluation != null) {
            notes.addAll(evaluation.notes());
        }
        json.put("notes", notes);
        return json;
    }

    /** {@code {"estimate":..,"lower":..,"upper":..}}. */
    public static Map<String, @Nullable Double> interval(Interval interval) {
        Map<String, @Nullable Double> json = new LinkedHashMap<>();
        json.put("estimate", interval.estimate().value());
        json.put("lower", interval.lower().value());
        json.put("upper", interval.upper().value());
        return json;
    }

    private static Map<String, @Nullable Object> averaged(Averaged averaged) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("per_class", averaged.perGrade().stream().map(Figure::value).toList());
        json.put("macro", averaged.macro().value());
        json.put("micro", averaged.micro().value());
        return json;
    }

    private static Map<String, @Nullable Object> figures(String one, Figure first, String other, Figure second) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put(one, first.value());
        json.put(other, second.value());
        return json;
    }

    /** For a terminal. */
    public static String text(Evaluation evaluation, List<Subgroup> subgroups) {
        StringBuilder text = new StringBuilder();
        text.append(evaluation.images() + " images of " + evaluation.patients() + " patients\n\n");
        TextTable metrics = new TextTable("metric", "estimate", "95 % interval", "Monte-Carlo error of the bounds");
        for (Metric metric : Metric.values()) {
            Interval interval = evaluation.interval(metric);
            metrics.row(metric.title(), number(interval.estimate()), bounds(interval), errors(interval));
        }
        text.append(metrics.text()).append('\n');
        Discrimination discrimination = evaluation.discrimination();
        CalibrationScores calibration = evaluation.calibration();
        TextTable more = new TextTable("figure", "estimate", "95 % interval");
        further(more, evaluation, "adjacent accuracy", "adjacent_accuracy", evaluation.adjacentAccuracy());
        further(more, evaluation, "errors that are adjacent", "adjacent_error_share", evaluation.adjacentErrorShare());
        further(
                more,
                evaluation,
                "ROC AUC, macro",
                "roc_auc_macro",
                discrimination.rocAuc().macro());
        further(
                more,
                evaluation,
                "ROC AUC, micro",
                "roc_auc_micro",
                discrimination.rocAuc().micro());
        further(more, evaluation, "ROC AUC, KL >= 2", "kl_ge_2_roc_auc", discrimination.klGe2RocAuc());
        further(
                more,
                evaluation,
                "average precision, KL >= 2",
                "kl_ge_2_average_precision",
                discrimination.klGe2AveragePrecision());
        further(more, evaluation, "Brier score", "brier", calibration.brier());
        further(more, evaluation, "calibration error (15 bins)", "ece_15", calibration.expectedCalibrationError());
        further(more, evaluation, "log loss", "log_loss", calibration.logLoss());
        further(more, evaluation, "RPS", "rps", calibration.rps());
        text.append(more.text()).append('\n');
        TextTable grades = new TextTable("grade", "precision", "recall", "F1", "ROC AUC", "support", "predicted 0..4");
        for (GradeScores grade : evaluation.perGrade()) {
            grades.row(
                    grade.grade(),
                    text(ofGrade(evaluation, "precision", grade, Figure.of(grade.precision()))),
                    text(ofGrade(evaluation, "recall", grade, Figure.of(grade.recall()))),
                    text(ofGrade(evaluation, "f1", grade, Figure.of(grade.f1()))),
                    text(ofGrade(
                            evaluation,
                            "roc_auc",
                            grade,
                            discrimination.rocAuc().perGrade().get(grade.grade()))),
                    grade.support(),
                    Arrays.toString(evaluation.confusion().rows()[grade.grade()]));
        }
        text.append(grades.text());
        if (!evaluation.discrimination().operatingPoints().isEmpty()) {
            TextTable points = new TextTable("KL >= 2 at", "threshold", "sensitivity", "specificity", "precision");
            for (OperatingPoint point : evaluation.discrimination().operatingPoints()) {
                points.row(
                        point.name(),
                        number(point.threshold()),
                        number(point.sensitivity()),
                        number(point.specificity()),
                        number(point.precision()));
            }
            text.append('\n').append(points.text());
        }
        if (!subgroups.isEmpty()) {
            text.append('\n').append(subgroupText(subgroups));
        }
        text.append("\nintervals: " + evaluation.bootstrap().resamples() + " resamples of patients, "
                + (evaluation.bootstrap().strata() == Strata.NONE ? "" : "within each highest grade, ")
                + evaluation.bootstrap().method().word() + ", seed "
                + evaluation.bootstrap().seed() + "\n");
        evaluation.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }

    private static void further(TextTable to, Evaluation evaluation, String title, String metric, Figure estimate) {
        Interval interval = evaluation.further(metric, estimate);
        to.row(title, number(estimate), bounds(interval));
    }

    private static Interval ofGrade(Evaluation evaluation, String metric, GradeScores grade, Figure estimate) {
        return evaluation.further(new FigureName(metric, grade.grade()), estimate);
    }

    private static String subgroupText(List<Subgroup> subgroups) {
        TextTable table =
                new TextTable("column", "stratum", "images", "patients", "QWK", "accuracy", "macro-F1", "MAE");
        for (Subgroup subgroup : subgroups) {
            Evaluation evaluation = subgroup.evaluation();
            List<String> cells = new ArrayList<>();
            for (Metric metric : Metric.values()) {
                cells.add(evaluation == null ? "-" : text(evaluation.interval(metric)));
            }
            table.row(
                    subgroup.column(),
                    subgroup.stratum(),
                    subgroup.images(),
                    subgroup.patients(),
                    cells.get(0),
                    cells.get(1),
                    cells.get(2),
                    cells.get(3));
        }
        return table.text();
    }

    /** Rows of {@link #CURVE_COLUMNS}: every curve, then the operating points of KL >= 2 on their ROC curve. */
    public static List<List<?>> curveRows(Evaluation evaluation) {
        List<Curve> curves = new ArrayList<>(evaluation.discrimination().curves());
        curves.addAll(evaluation.calibration().curves());
        List<List<?>> rows = new ArrayList<>();
        for (Curve curve : curves) {
            for (int i = 0; i < curve.points().size(); i++) {
                CurvePoint point = curve.points().get(i);
                Object threshold = Double.isFinite(point.threshold()) ? point.threshold() : "";
                rows.add(List.of(curve.kind().word(), curve.subject(), i, threshold, point.x(), point.y()));
            }
        }
        for (OperatingPoint point : evaluation.discrimination().operatingPoints()) {
            rows.add(List.of(
                    "operating_point",
                    "kl_ge_2:" + point.name(),
                    0,
                    point.threshold(),
                    1 - point.specificity(),
                    point.sensitivity()));
        }
        return rows;
    }

    /** {@code 0.881 (0.866 to 0.894)}. */
    public static String text(Interval interval) {
        if (!interval.estimate().isDefined()) {
            return "-";
        }
        String bounds = bounds(interval);
        return number(interval.estimate()) + (bounds.equals("-") ? "" : " (" + bounds + ")");
    }

    static String bounds(Interval interval) {
        return both(interval.lower(), " to ", interval.upper());
    }

    private static String errors(Interval interval) {
        return both(interval.lowerError(), ", ", interval.upperError());
    }

    private static String both(Figure one, String between, Figure other) {
        return one.isDefined() && other.isDefined() ? number(one) + between + number(other) : "-";
    }

    static String number(Figure figure) {
        return figure.isDefined() ? number(figure.orElse(0)) : "-";
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
