package io.patella.report;

import io.patella.report.facts.Performance;
import io.patella.report.facts.Pictures;
import io.patella.report.facts.Report;
import io.patella.report.html.Csv;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import io.patella.report.plot.LinePlot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces that several sections are made of, so that all of them look alike. */
final class Blocks {
    private Blocks() {}

    static void paragraph(Markup html, String text) {
        html.leaf("p", text);
    }

    static void table(Markup html, DataTable table) {
        if (!table.isEmpty()) {
            html.append(table.markup());
        }
    }

    /** Remarks in small print; nothing when there are none. */
    static void notes(Markup html, Collection<String> notes) {
        List<String> distinct = notes.stream().distinct().toList();
        if (distinct.isEmpty()) {
            return;
        }
        html.open("ul", "class", "notes");
        distinct.forEach(note -> html.leaf("li", note));
        html.close();
    }

    /** A drawing with its caption. */
    static void figure(Markup html, String caption, Markup drawing) {
        html.open("figure").leaf("figcaption", caption).append(drawing).close();
    }

    /** A plot with its caption and its points as CSV. */
    static void figure(Markup html, String caption, LinePlot plot, String alternative) {
        figure(html, caption, plot, plot.csv(), alternative);
    }

    /** A plot with its caption and a CSV of its own. */
    static void figure(Markup html, String caption, LinePlot plot, String csv, String alternative) {
        html.open("figure");
        html.open("figcaption").text(caption + " ");
        Csv.link(html, caption, csv);
        html.close();
        html.append(plot.svg(alternative)).close();
    }

    /** A picture inside the page; nothing is left to load later, so it also prints and no link lands beside its target. */
    static void picture(Markup html, Pictures.Picture picture, String alternative) {
        html.empty("img", "alt", alternative, "src", "data:image/png;base64," + picture.base64());
    }

    /** Performances by cohort and part, in the order in which these first appear. */
    static Map<String, List<Performance>> byPart(Report report) {
        Map<String, List<Performance>> groups = new LinkedHashMap<>();
        for (Performance each : report.performances()) {
            groups.computeIfAbsent(each.cohort() + ", " + each.part(), key -> new ArrayList<>())
                    .add(each);
        }
        return groups;
    }

    /** The line style of a model: its place in the heading, so that a model keeps its colour on the whole page. */
    static String modelStyle(Report report, String model) {
        int place = report.heading().models().indexOf(model);
        return "m" + (place < 0 ? 5 : place % 6);
    }
}
