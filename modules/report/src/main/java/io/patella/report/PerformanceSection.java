package io.patella.report;

import io.patella.report.facts.Estimate;
import io.patella.report.facts.Metric;
import io.patella.report.facts.Performance;
import io.patella.report.facts.Report;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Metrics with intervals and per-class figures, tables per cohort and part. */
final class PerformanceSection {
    private PerformanceSection() {}

    static Optional<Section> of(Report report) {
        if (report.performances().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        Blocks.paragraph(
                html,
                "Estimates with 95 % intervals. Intervals resample patients, never single radiographs, so that two knees"
                        + " of one patient do not count as two witnesses.");
        Blocks.byPart(report).forEach((part, performances) -> part(html, part, performances));
        return Optional.of(new Section("performance", "Performance", html));
    }

    private static void part(Markup html, String part, List<Performance> performances) {
        html.leaf("h3", part);
        Performance first = performances.get(0);
        Blocks.paragraph(
                html,
                Numbers.count(first.images()) + " radiographs of " + Numbers.count(first.patients())
                        + " patients; intervals by " + first.interval() + ".");
        Set<String> names = new LinkedHashSet<>();
        performances.forEach(each -> each.metrics().forEach(metric -> names.add(metric.name())));
        List<String> main = MetricNames.MAIN.stream().filter(names::contains).toList();
        List<String> further =
                names.stream().filter(name -> !MetricNames.MAIN.contains(name)).toList();
        Blocks.table(html, metrics("Performance, " + part, main, performances));
        Blocks.table(html, further("Further metrics, " + part, further, performances));
        Blocks.table(html, classes(part, performances));
        Blocks.notes(
                html,
                performances.stream().flatMap(each -> each.notes().stream()).toList());
    }

    private static DataTable metrics(String caption, List<String> names, List<Performance> performances) {
        DataTable table = DataTable.captioned(caption).columns("Model");
        names.forEach(name -> table.intervals(MetricNames.printed(name)));
        if (!names.isEmpty()) {
            for (Performance each : performances) {
                List<Cell> cells = new ArrayList<>(List.of(Cell.words(each.model())));
                names.forEach(name -> cells.add(estimate(each, name)));
                table.row(cells);
            }
        }
        return table;
    }

    /** They are many: a row each, and a column per model. */
    private static DataTable further(String caption, List<String> names, List<Performance> performances) {
        DataTable table = DataTable.captioned(caption).columns("Metric");
        performances.forEach(each -> table.intervals(each.model()));
        for (String name : names) {
            List<Cell> cells = new ArrayList<>(List.of(Cell.words(MetricNames.printed(name))));
            performances.forEach(each -> cells.add(estimate(each, name)));
            table.row(cells);
        }
        return table;
    }

    private static Cell estimate(Performance performance, String metric) {
        return Cell.estimate(performance.metric(metric).map(Metric::estimate).orElse(Estimate.undefined()));
    }

    private static DataTable classes(String part, List<Performance> performances) {
        DataTable table = DataTable.captioned("Per grade, " + part)
                .columns("Grade")
                .intervals("Precision", "Recall", "F1")
                .columns("Support");
        for (Performance each : performances) {
            if (!each.classes().isEmpty()) {
                table.heading(each.model());
            }
            for (Performance.ClassRow row : each.classes()) {
                table.row(
                        Cell.words("KL " + row.grade()),
                        Cell.estimate(row.precision()),
                        Cell.estimate(row.recall()),
                        Cell.estimate(row.f1()),
                        Cell.count(row.support()));
            }
        }
        return table;
    }
}
