package io.patella.report;

import io.patella.report.facts.Calibration;
import io.patella.report.facts.Curve;
import io.patella.report.facts.Metric;
import io.patella.report.facts.Performance;
import io.patella.report.facts.Report;
import io.patella.report.html.Cell;
import io.patella.report.html.Csv;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import io.patella.report.plot.Axis;
import io.patella.report.plot.LinePlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether probabilities can be believed, and at which thresholds acting on them does more good than harm. */
final class CalibrationSection {
    private CalibrationSection() {}

    static Optional<Section> of(Report report) {
        if (report.performances().stream()
                .allMatch(each -> each.calibration() == null && each.decision().isEmpty())) {
            return Optional.empty();
        }
        Markup html = new Markup();
        Blocks.paragraph(
                html,
                "Reliability: observed share over mean predicted probability per bin; bars on the floor show how many"
                        + " radiographs a bin holds. Net benefit: true positives less false positives weighed by the odds of"
                        + " the threshold, per radiograph.");
        Blocks.byPart(report).forEach((part, performances) -> part(html, report, part, performances));
        return Optional.of(new Section("calibration", "Calibration and clinical use", html));
    }

    private static void part(Markup html, Report report, String part, List<Performance> performances) {
        if (performances.stream()
                .allMatch(each -> each.calibration() == null && each.decision().isEmpty())) {
            return;
        }
        html.leaf("h3", part);
        html.open("div", "class", "grid");
        for (Performance each : performances) {
            if (each.calibration() != null && !each.calibration().bins().isEmpty()) {
                reliability(html, report, each, each.calibration());
            }
        }
        decision(html, report, part, performances);
        html.close();
        Blocks.table(html, metrics(part, performances));
    }

    private static void reliability(Markup html, Report report, Performance performance, Calibration calibration) {
        long most = calibration.bins().stream()
                .mapToLong(Calibration.Bin::images)
                .max()
                .orElse(1);
        LinePlot plot = LinePlot.square(Axis.share("mean predicted probability"), Axis.share("observed share"))
                .diagonal();
        List<Curve.Point> points = new ArrayList<>();
        for (Calibration.Bin bin : calibration.bins()) {
            if (bin.observed().value() == null || bin.images() == 0) {
                continue;
            }
            points.add(new Curve.Point(bin.predicted(), bin.observed().value()));
            plot.bar(bin.predicted(), (double) bin.images() / most);
            if (bin.observed().lower() != null && bin.observed().upper() != null) {
                plot.interval(
                        bin.predicted(), bin.observed().lower(), bin.observed().upper());
            }
        }
        plot.dottedLine(Blocks.modelStyle(report, performance.model()), calibration.what(), points);
        Blocks.figure(
                html,
                "Reliability, " + performance.label(),
                plot,
                bins(calibration),
                "Reliability diagram of " + performance.label() + ", " + calibration.what() + ": "
                        + calibration.metrics().stream()
                                .map(metric ->
                                        MetricNames.printed(metric.name()) + " " + Numbers.estimate(metric.estimate()))
                                .collect(Collectors.joining(", "))
                        + ".");
    }

    /** Every bin, the empty ones too, with its interval and how many radiographs it holds. */
    private static String bins(Calibration calibration) {
        StringBuilder csv = new StringBuilder(Csv.line(List.of(
                "mean predicted probability",
                "observed share",
                "observed share lower",
                "observed share upper",
                "radiographs")));
        for (Calibration.Bin bin : calibration.bins()) {
            csv.append(Csv.line(List.of(
                    Numbers.exact(bin.predicted()),
                    Numbers.exact(bin.observed().value()),
                    Numbers.exact(bin.observed().lower()),
                    Numbers.exact(bin.observed().upper()),
                    Long.toString(bin.images()))));
        }
        return csv.toString();
    }

    private static void decision(Markup html, Report report, String part, List<Performance> performances) {
        List<Performance> known =
                performances.stream().filter(each -> !each.decision().isEmpty()).toList();
        if (known.isEmpty()) {
            return;
        }
        double most = known.stream()
                .flatMap(each -> each.decision().stream())
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(Curve.Point::y)
                .max()
                .orElse(1);
        // what lies far below zero would only squeeze the rest
        double floor = -0.15 * Math.max(most, 0.1);
        LinePlot plot = LinePlot.square(
                Axis.share("threshold probability"), new Axis("net benefit", floor, Math.max(most, 0.1) * 1.05));
        for (Performance each : known) {
            benefit(plot, each, each.model(), Blocks.modelStyle(report, each.model()));
        }
        for (String everyone : List.of("treat all", "treat none")) {
            benefit(plot, known.get(0), everyone, everyone.replace(' ', '-'));
        }
        Blocks.figure(
                html,
                "Decision curve, KL ≥ 2, " + part,
                plot,
                "Net benefit by threshold probability for KL grade 2 or more on " + part + ".");
    }

    private static void benefit(LinePlot plot, Performance performance, String curve, String style) {
        for (Curve each : performance.decision()) {
            if (each.name().equals(curve)) {
                plot.line(style, curve, each.points());
            }
        }
    }

    private static DataTable metrics(String part, List<Performance> performances) {
        DataTable table = DataTable.captioned("Calibration, " + part).columns("Model", "Probability");
        List<String> names = performances.stream()
                .filter(each -> each.calibration() != null)
                .flatMap(each -> calibration(each).metrics().stream())
                .map(Metric::name)
                .distinct()
                .toList();
        names.forEach(name -> table.intervals(MetricNames.printed(name)));
        for (Performance each : performances) {
            if (each.calibration() == null || names.isEmpty()) {
                continue;
            }
            List<Cell> cells = new ArrayList<>();
            cells.add(Cell.words(each.model()));
            cells.add(Cell.words(calibration(each).what()));
            for (String name : names) {
                cells.add(calibration(each).metrics().stream()
                        .filter(metric -> metric.name().equals(name))
                        .findFirst()
                        .map(metric -> Cell.estimate(metric.estimate()))
                        .orElse(Cell.withheld(Numbers.UNDEFINED)));
            }
            table.row(cells);
        }
        return table;
    }

    private static Calibration calibration(Performance performance) {
        return Objects.requireNonNull(performance.calibration());
    }
}
