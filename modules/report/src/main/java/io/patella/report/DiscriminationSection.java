package io.patella.report;

import io.patella.report.facts.Curve;
import io.patella.report.facts.OperatingPoint;
import io.patella.report.facts.Performance;
import io.patella.report.facts.Report;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import io.patella.report.plot.Axis;
import io.patella.report.plot.LinePlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** ROC and precision-recall curves per grade, their averages, and KL >= 2 with its operating points. */
final class DiscriminationSection {
    /** The dichotomy's curve; it gets a plot of its own, over all models. */
    private static final String OSTEOARTHRITIS = "KL>=2";

    private DiscriminationSection() {}

    static Optional<Section> of(Report report) {
        if (report.performances().stream()
                .allMatch(each -> each.roc().isEmpty() && each.precisionRecall().isEmpty())) {
            return Optional.empty();
        }
        Markup html = new Markup();
        Blocks.byPart(report).forEach((part, performances) -> part(html, report, part, performances));
        return Optional.of(new Section("discrimination", "Discrimination", html));
    }

    private static void part(Markup html, Report report, String part, List<Performance> performances) {
        html.leaf("h3", part);
        html.open("div", "class", "grid");
        dichotomy(html, report, part, performances, "ROC", Performance::roc, "AUC");
        dichotomy(html, report, part, performances, "Precision-recall", Performance::precisionRecall, "AP");
        html.close();
        Blocks.table(html, operatingPoints(part, performances));
        html.leaf("h4", "One grade against the rest");
        html.open("div", "class", "grid");
        for (Performance each : performances) {
            perGrade(html, each, "ROC", each.roc(), "AUC");
        }
        for (Performance each : performances) {
            perGrade(html, each, "Precision-recall", each.precisionRecall(), "AP");
        }
        html.close();
    }

    private static void dichotomy(
            Markup html,
            Report report,
            String part,
            List<Performance> performances,
            String kind,
            Function<Performance, List<Curve>> curves,
            String area) {
        LinePlot plot = empty(kind);
        boolean any = false;
        StringBuilder words = new StringBuilder();
        for (Performance each : performances) {
            for (Curve curve : curves.apply(each)) {
                if (curve.name().equals(OSTEOARTHRITIS)) {
                    any = true;
                    String name = each.model() + " " + Numbers.decimal(curve.area());
                    plot.line(Blocks.modelStyle(report, each.model()), name, drawn(kind, curve));
                    words.append(words.isEmpty() ? "" : ", ").append(name);
                }
            }
            if (kind.equals("ROC")) {
                for (OperatingPoint point : each.operatingPoints()) {
                    if (point.sensitivity().value() != null
                            && point.specificity().value() != null) {
                        plot.mark(
                                Blocks.modelStyle(report, each.model()),
                                point.rule(),
                                1 - point.specificity().value(),
                                point.sensitivity().value());
                    }
                }
            }
        }
        if (any) {
            Blocks.figure(
                    html,
                    kind + ", KL ≥ 2, " + part,
                    plot,
                    kind + " curves for KL grade 2 or more on " + part + "; " + area + ": " + words + ".");
        }
    }

    private static void perGrade(Markup html, Performance performance, String kind, List<Curve> curves, String area) {
        List<Curve> grades = curves.stream()
                .filter(curve -> !curve.name().equals(OSTEOARTHRITIS))
                .toList();
        if (grades.isEmpty()) {
            return;
        }
        LinePlot plot = empty(kind);
        grades.forEach(curve -> plot.line(
                style(curve.name()), curve.name() + "  " + Numbers.decimal(curve.area()), drawn(kind, curve)));
        String areas = grades.stream()
                .map(curve -> curve.name() + " " + Numbers.decimal(curve.area()))
                .collect(Collectors.joining(", "));
        Blocks.figure(
                html,
                kind + ", " + performance.label(),
                plot,
                kind + " curves of " + performance.label() + ", one grade against the rest; " + area + ": " + areas
                        + ".");
    }

    private static List<Curve.Point> drawn(String kind, Curve curve) {
        return kind.equals("ROC") ? curve.points() : steps(curve.points());
    }

    /** Average precision adds rectangles: precision is drawn level up to the recall it is reached at, never slanting. */
    static List<Curve.Point> steps(List<Curve.Point> points) {
        List<Curve.Point> steps = new ArrayList<>();
        double before = 0;
        for (Curve.Point point : points) {
            steps.add(new Curve.Point(before, point.y()));
            steps.add(point);
            before = point.x();
        }
        return steps;
    }

    private static LinePlot empty(String kind) {
        return kind.equals("ROC")
                ? LinePlot.square(Axis.share("1 − specificity"), Axis.share("sensitivity"))
                        .diagonal()
                : LinePlot.square(Axis.share("recall"), Axis.share("precision"));
    }

    /** {@code KL 3} is drawn in grade 3's colour. */
    private static String style(String curve) {
        return curve.matches("KL [0-4]") ? "k" + curve.charAt(3) : curve;
    }

    private static DataTable operatingPoints(String part, List<Performance> performances) {
        DataTable table = DataTable.captioned("Operating points for KL ≥ 2, " + part)
                .columns("Rule", "Threshold")
                .intervals("Sensitivity", "Specificity", "PPV", "NPV");
        for (Performance each : performances) {
            if (!each.operatingPoints().isEmpty()) {
                table.heading(each.model());
            }
            for (OperatingPoint point : each.operatingPoints()) {
                table.row(
                        Cell.words(point.rule()),
                        Cell.figure(point.threshold()),
                        Cell.estimate(point.sensitivity()),
                        Cell.estimate(point.specificity()),
                        Cell.estimate(point.positivePredictiveValue()),
                        Cell.estimate(point.negativePredictiveValue()));
            }
        }
        return table;
    }
}
