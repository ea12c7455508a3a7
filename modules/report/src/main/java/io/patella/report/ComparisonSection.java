package io.patella.report;

import io.patella.report.facts.Comparison;
import io.patella.report.facts.Estimate;
import io.patella.report.facts.Metric;
import io.patella.report.facts.Report;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import io.patella.report.plot.ForestStrip;
import java.util.List;
import java.util.Optional;

/** Models against each other on the same radiographs. */
final class ComparisonSection {
    private ComparisonSection() {}

    static Optional<Section> of(Report report) {
        if (report.comparisons().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        Blocks.paragraph(
                html,
                "Differences are first minus second on the same radiographs, with paired patient-level intervals; the"
                        + " vertical line is no difference. For MAE less is better.");
        DataTable table = DataTable.captioned("Differences between models")
                .columns("Metric")
                .intervals("Difference")
                .drawn("95 % interval");
        List<Estimate> all = report.comparisons().stream()
                .flatMap(each -> each.differences().stream())
                .map(Metric::estimate)
                .toList();
        ForestStrip strip = ForestStrip.over(all, 0.0);
        for (Comparison each : report.comparisons()) {
            if (!each.differences().isEmpty()) {
                table.heading(each.a() + " − " + each.b() + ", " + each.cohort() + " " + each.part());
            }
            each.differences()
                    .forEach(metric -> table.row(
                            strip.row(metric.estimate()),
                            Cell.words(MetricNames.printed(metric.name())),
                            Cell.estimate(metric.estimate())));
        }
        if (!table.isEmpty()) {
            table.foot(strip.axis());
        }
        Blocks.table(html, table);
        Blocks.table(html, tests(report.comparisons()));
        Blocks.notes(
                html,
                report.comparisons().stream()
                        .flatMap(each -> each.notes().stream())
                        .toList());
        return Optional.of(new Section("comparison", "Comparison of models", html));
    }

    private static DataTable tests(List<Comparison> comparisons) {
        DataTable table = DataTable.captioned("Tests between models")
                .columns(
                        "Pair",
                        "Images",
                        "Only first right",
                        "Only second right",
                        "McNemar p",
                        "McNemar p, adjusted",
                        "DeLong p, KL ≥ 2");
        String part = "";
        for (Comparison each : comparisons) {
            if (!part.equals(each.cohort() + ", " + each.part())) {
                part = each.cohort() + ", " + each.part();
                table.heading(part);
            }
            table.row(
                    Cell.words(each.a() + " – " + each.b()),
                    Cell.count(each.images()),
                    Cell.count(each.onlyARight()),
                    Cell.count(each.onlyBRight()),
                    Cell.pValue(each.mcnemar()),
                    Cell.pValue(each.adjusted()),
                    Cell.pValue(each.delong()));
        }
        return table;
    }
}
