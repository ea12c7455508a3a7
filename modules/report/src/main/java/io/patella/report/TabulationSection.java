package io.patella.report;

import io.patella.report.facts.Report;
import io.patella.report.facts.Tabulation;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Studies, audits and the like: a section per topic, a table of its own shape each. */
final class TabulationSection {
    private TabulationSection() {}

    static List<Section> all(Report report) {
        Map<String, Markup> topics = new LinkedHashMap<>();
        for (Tabulation each : report.tabulations()) {
            Markup html = topics.computeIfAbsent(each.topic(), topic -> new Markup());
            html.leaf("h3", each.title());
            if (!each.explanation().isEmpty()) {
                Blocks.paragraph(html, each.explanation());
            }
            Blocks.table(html, table(each));
            Blocks.notes(html, each.notes());
        }
        List<Section> sections = new ArrayList<>();
        topics.forEach((topic, html) -> sections.add(new Section(anchor(topic), topic, html)));
        return sections;
    }

    private static DataTable table(Tabulation tabulation) {
        DataTable table = DataTable.captioned(tabulation.title());
        for (int c = 0; c < tabulation.columns().size(); c++) {
            if (intervals(tabulation, c)) {
                table.intervals(tabulation.columns().get(c));
            } else {
                table.columns(tabulation.columns().get(c));
            }
        }
        tabulation.rows().forEach(row -> table.row(row.stream().map(Cell::of).toList()));
        return table;
    }

    /** Whether some row of the column has an interval, so that the CSV needs three columns for it. */
    private static boolean intervals(Tabulation tabulation, int column) {
        return tabulation.rows().stream()
                .map(row -> row.get(column))
                .anyMatch(value -> value.fold(words -> false, count -> false, estimate -> estimate.hasInterval()));
    }

    private static String anchor(String topic) {
        return "topic-" + topic.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
}
