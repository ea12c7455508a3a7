package io.patella.report;

import io.patella.report.html.Csv;
import io.patella.report.html.Markup;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where the page answers the reporting guidelines TRIPOD+AI (Collins et al., BMJ 2024;385:e078378) and CLAIM (Mongan, Moy
 * and Kahn, Radiology: Artificial Intelligence 2020;2:e200029), and what its authors still have to write themselves.
 */
final class ChecklistSection {
    private static final String CAPTION = "TRIPOD+AI and CLAIM items";
    private static final List<String> HEADS = List.of("What", "TRIPOD+AI", "CLAIM", "Where");
    private static final String NOWHERE = "not on this page";

    private static final List<Item> ITEMS = List.of(
            new Item("5a", "7", "Sources of data", List.of("cohorts", "provenance")),
            new Item("6b", "8", "Who is in and who is not", List.of("flow")),
            new Item("7", "9", "Data preparation", List.of("provenance")),
            new Item("8a", "14", "Outcome: the reference grade", List.of("reference")),
            new Item("8b", "16, 18", "Who gave it, and how far readers agree", List.of("reference")),
            new Item("11", "13", "Missing data", List.of("flow", "reference", "subgroups")),
            new Item("12a", "20, 21", "How data were divided, and that patients are disjoint", List.of("split")),
            new Item("12c", "25, 26", "Training, and which epoch was chosen", List.of("training", "provenance")),
            new Item(
                    "12e",
                    "28, 29",
                    "Measures of performance and their uncertainty",
                    List.of("performance", "discrimination", "calibration", "comparison")),
            new Item("13", "", "Class imbalance: figures per grade", List.of("performance", "confusion")),
            new Item("14", "", "Fairness", List.of("subgroups")),
            new Item("15", "", "Output and its thresholds", List.of("discrimination", "calibration")),
            new Item("18f", "23, 41", "Code, software and versions", List.of("provenance")),
            new Item("20a", "33", "Flow of participants", List.of("flow")),
            new Item("20b", "34", "Characteristics, by part", List.of("cohorts")),
            new Item("20c", "34", "Training data beside test data", List.of("cohorts", "split")),
            new Item("21", "33", "Participants and outcomes per analysis", List.of("split", "performance")),
            new Item("22", "22", "Full model", List.of("provenance")),
            new Item(
                    "23a",
                    "35, 36",
                    "Performance with intervals, also per subgroup",
                    List.of("summary", "performance", "confusion", "discrimination", "subgroups")),
            new Item("23b", "32", "Heterogeneity of performance; other cohorts", List.of("summary", "subgroups")),
            new Item("26", "37", "Limitations: where it fails", List.of("failures")),
            new Item("27a", "", "Pictures of poor quality", List.of("flow")),
            new Item("", "31", "Explanations", List.of("heatmaps")));

    /** An item: its numbers in both guidelines, empty where one has none, and the sections that answer it. */
    private record Item(String tripod, String claim, String what, List<String> sections) {}

    private ChecklistSection() {}

    static Section over(List<Section> sections) {
        Map<String, Section> byId = sections.stream().collect(Collectors.toMap(Section::id, Function.identity()));
        Markup html = new Markup();
        html.leaf(
                "p",
                "What of TRIPOD+AI (2024) and CLAIM (2020) this page answers. Objectives, setting and dates, ethics,"
                        + " funding, registration, sample size and interpretation are for the authors to write.");
        html.open("div", "class", "table");
        html.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", CAPTION);
        html.open("table");
        html.open("caption").text(CAPTION + " ");
        Csv.link(html, CAPTION, csv(byId));
        html.close();
        html.open("thead").open("tr");
        for (String head : HEADS) {
            html.leaf("th", head, "scope", "col");
        }
        html.close().close().open("tbody");
        for (Item item : ITEMS) {
            html.open("tr");
            html.leaf("th", item.what(), "scope", "row");
            html.leaf("td", item.tripod());
            html.leaf("td", item.claim());
            html.open("td");
            List<Section> found = found(item, byId);
            for (int i = 0; i < found.size(); i++) {
                html.text(i == 0 ? "" : ", ")
                        .leaf(
                                "a",
                                found.get(i).title(),
                                "href",
                                "#" + found.get(i).id());
            }
            if (found.isEmpty()) {
                html.text(NOWHERE);
            }
            html.close().close();
        }
        html.close().close().close().close();
        return new Section("checklist", "Reporting checklist", html);
    }

    private static List<Section> found(Item item, Map<String, Section> byId) {
        return item.sections().stream().filter(byId::containsKey).map(byId::get).toList();
    }

    private static String csv(Map<String, Section> byId) {
        StringBuilder csv = new StringBuilder(Csv.line(HEADS));
        for (Item item : ITEMS) {
            String where = found(item, byId).stream().map(Section::title).collect(Collectors.joining(", "));
            csv.append(Csv.line(List.of(item.what(), item.tripod(), item.claim(), where.isEmpty() ? NOWHERE : where)));
        }
        return csv.toString();
    }
}
