package io.patella.report;

import io.patella.report.html.Markup;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where the page answers the reporting guideline TRIPOD+AI (Collins et al., BMJ 2024;385:e078378), and what its authors
 * still have to write themselves.
 */
final class ChecklistSection {
    private static final List<Item> ITEMS = List.of(
            new Item("5a", "Sources of data", List.of("cohorts", "provenance")),
            new Item("7", "Data preparation", List.of("provenance")),
            new Item("8", "Outcome: reference grades and who gave them", List.of("reference")),
            new Item("12a", "How data were divided", List.of("split")),
            new Item("12e", "Measures of performance", List.of("performance", "discrimination", "calibration")),
            new Item("14", "Fairness", List.of("subgroups")),
            new Item("20a", "Flow of participants", List.of("flow")),
            new Item("20b", "Characteristics", List.of("cohorts")),
            new Item("21", "Participants and outcomes per analysis", List.of("split", "performance")),
            new Item("22", "Full model", List.of("provenance")),
            new Item("23a", "Performance with intervals", List.of("performance", "confusion")),
            new Item("23b", "Heterogeneity of performance", List.of("subgroups")),
            new Item("26", "Limitations: where it fails", List.of("failures")));

    private record Item(String number, String what, List<String> sections) {}

    private ChecklistSection() {}

    static Section over(List<Section> sections) {
        Map<String, Section> byId = sections.stream().collect(Collectors.toMap(Section::id, Function.identity()));
        Markup html = new Markup();
        html.leaf(
                "p",
                "What of TRIPOD+AI this page answers. Objectives, ethics, funding, registration, sample size and"
                        + " interpretation are for the authors to write.");
        html.open("div", "class", "table").open("table");
        html.leaf("caption", "TRIPOD+AI items");
        html.open("thead").open("tr");
        html.leaf("th", "Item", "scope", "col");
        html.leaf("th", "What", "scope", "col");
        html.leaf("th", "Where", "scope", "col");
        html.close().close().open("tbody");
        for (Item item : ITEMS) {
            html.open("tr");
            html.leaf("th", item.number(), "scope", "row");
            html.leaf("td", item.what());
            html.open("td");
            boolean any = false;
            for (String id : item.sections()) {
                Section section = byId.get(id);
                if (section != null) {
                    html.text(any ? ", " : "").leaf("a", section.title(), "href", "#" + id);
                    any = true;
                }
            }
            if (!any) {
                html.text("not on this page");
            }
            html.close().close();
        }
        html.close().close().close();
        return new Section("checklist", "Reporting checklist", html);
    }
}
