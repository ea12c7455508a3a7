package io.patella.report;

import io.patella.report.facts.Estimate;
import io.patella.report.facts.Metric;
import io.patella.report.facts.Performance;
import io.patella.report.facts.Report;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import io.patella.report.plot.ForestStrip;
import java.util.List;
import java.util.Optional;

/** The first model's first evaluation in large figures, and QWK of all models, cohorts and parts as a forest plot. */
final class SummarySection {
    private SummarySection() {}

    static Optional<Section> of(Report report) {
        if (report.performances().isEmpty()) {
            return Optional.empty();
        }
        Performance first = report.performances().get(0);
        Markup html = new Markup();
        Blocks.paragraph(
                html,
                first.model() + " on the " + first.part() + " part of " + first.cohort() + ": "
                        + Numbers.count(first.images()) + " radiographs of " + Numbers.count(first.patients())
                        + " patients; 95 % intervals by " + first.interval() + ".");
        html.open("dl", "class", "tiles");
        for (String name : MetricNames.MAIN) {
            first.metric(name).ifPresent(metric -> tile(html, metric));
        }
        html.close();
        if (report.performances().size() > 1) {
            Blocks.table(html, overview(report.performances()));
        }
        return Optional.of(new Section("summary", "Summary", html));
    }

    private static void tile(Markup html, Metric metric) {
        Estimate estimate = metric.estimate();
        html.open("div");
        html.leaf("dt", MetricNames.printed(metric.name()));
        html.open("dd").leaf("span", Numbers.decimal(estimate.value()), "class", "large");
        if (estimate.hasInterval()) {
            html.text(" ").leaf("span", Numbers.interval(estimate), "class", "aside");
        }
        html.close().close();
    }

    private static DataTable overview(List<Performance> performances) {
        List<Estimate> estimates =
                performances.stream().map(SummarySection::qwk).toList();
        ForestStrip strip = ForestStrip.over(estimates, null);
        DataTable table = DataTable.captioned("QWK of every model on every cohort and part")
                .columns("Model")
                .minorColumn("Images")
                .intervals("QWK")
                .drawn("95 % interval");
        String group = "";
        for (Performance each : performances) {
            String part = each.cohort() + ", " + each.part();
            if (!part.equals(group)) {
                table.heading(part);
                group = part;
            }
            Estimate qwk = qwk(each);
            table.row(strip.row(qwk), Cell.words(each.model()), Cell.count(each.images()), Cell.estimate(qwk));
        }
        return table.foot(strip.axis());
    }

    private static Estimate qwk(Performance performance) {
        return performance.metric("qwk").map(Metric::estimate).orElse(Estimate.undefined());
    }
}
