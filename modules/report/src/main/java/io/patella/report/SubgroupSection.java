package io.patella.report;

import io.patella.report.facts.Estimate;
import io.patella.report.facts.Report;
import io.patella.report.facts.Subgroups;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import io.patella.report.plot.ForestStrip;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** For whom a model works: forest plots, with strata too small for a figure named without one. */
final class SubgroupSection {
    private SubgroupSection() {}

    static Optional<Section> of(Report report) {
        if (report.subgroups().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        int smallest =
                report.subgroups().stream().mapToInt(Subgroups::smallest).max().orElse(0);
        Blocks.paragraph(
                html,
                "One row per stratum; the vertical line is the overall estimate, the diamond its interval. The plots of one"
                        + " metric on one part share their axis. Missing values are a stratum of their own. Strata with fewer than "
                        + smallest
                        + " patients are named without figures.");
        Map<String, List<Subgroups>> groups = new LinkedHashMap<>();
        report.subgroups()
                .forEach(each -> groups.computeIfAbsent(
                                MetricNames.printed(each.metric()) + ", " + each.cohort() + ", " + each.part(),
                                key -> new ArrayList<>())
                        .add(each));
        groups.forEach((name, models) -> {
            html.leaf("h3", name);
            html.open("div", "class", "pair");
            List<Estimate> shown =
                    models.stream().flatMap(each -> shown(each).stream()).toList();
            models.forEach(each -> Blocks.table(html, forest(each, shown)));
            html.close();
        });
        return Optional.of(new Section("subgroups", "Subgroups", html));
    }

    private static List<Estimate> shown(Subgroups subgroups) {
        List<Estimate> shown = new ArrayList<>(List.of(subgroups.overall()));
        for (Subgroups.Stratum stratum : subgroups.strata()) {
            if (stratum.patients() >= subgroups.smallest()) {
                shown.add(stratum.estimate());
            }
        }
        return shown;
    }

    private static DataTable forest(Subgroups subgroups, List<Estimate> axis) {
        String metric = MetricNames.printed(subgroups.metric());
        ForestStrip strip = ForestStrip.over(axis, subgroups.overall().value());
        DataTable table = DataTable.captioned(metric + " by subgroup, " + subgroups.model() + ", " + subgroups.cohort()
                        + " " + subgroups.part())
                .columns("Stratum", "Images")
                .minorColumn("Patients")
                .intervals(metric)
                .drawn("95 % interval");
        String column = "";
        for (Subgroups.Stratum stratum : subgroups.strata()) {
            if (!stratum.column().equals(column)) {
                column = stratum.column();
                table.heading(column.replace('_', ' '));
            }
            boolean small = stratum.patients() < subgroups.smallest();
            table.row(
                    small ? new Markup() : strip.row(stratum.estimate()),
                    Cell.words(stratum.value()),
                    Cell.count(stratum.images()),
                    Cell.count(stratum.patients()),
                    small ? Cell.withheld("too few") : Cell.estimate(stratum.estimate()));
        }
        table.heading("all");
        table.row(
                strip.overall(subgroups.overall()),
                Cell.words("overall"),
                Cell.words(""),
                Cell.words(""),
                Cell.estimate(subgroups.overall()));
        return table.foot(strip.axis());
    }
}
