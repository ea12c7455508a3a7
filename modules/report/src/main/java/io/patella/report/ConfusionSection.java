package io.patella.report;

import io.patella.report.facts.Performance;
import io.patella.report.facts.Report;
import io.patella.report.html.Csv;
import io.patella.report.html.Markup;
import io.patella.report.plot.ConfusionPlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Confusion matrices: counts in the cells, colour and per cent by row. */
final class ConfusionSection {
    private ConfusionSection() {}

    static Optional<Section> of(Report report) {
        List<Performance> known = report.performances().stream()
                .filter(each -> !each.confusion().isEmpty())
                .toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        Blocks.paragraph(
                html,
                "Rows are reference grades, columns the model’s; colour and per cent are shares of the row, framed cells"
                        + " are right.");
        html.open("div", "class", "grid");
        for (Performance each : known) {
            String caption = "Confusion matrix, " + each.label();
            html.open("figure").open("figcaption").text(each.label() + " ");
            Csv.link(html, caption, csv(each));
            html.close()
                    .append(ConfusionPlot.svg(each.confusion(), alternative(each)))
                    .close();
        }
        html.close();
        return Optional.of(new Section("confusion", "Confusion", html));
    }

    private static String csv(Performance performance) {
        int grades = performance.confusion().size();
        List<String> head = new ArrayList<>(List.of("reference"));
        for (int c = 0; c < grades; c++) {
            head.add("predicted " + c);
        }
        StringBuilder csv = new StringBuilder(Csv.line(head));
        for (int r = 0; r < grades; r++) {
            List<String> fields = new ArrayList<>(List.of(Integer.toString(r)));
            performance.confusion().get(r).forEach(count -> fields.add(Long.toString(count)));
            csv.append(Csv.line(fields));
        }
        return csv.toString();
    }

    private static String alternative(Performance performance) {
        StringBuilder words = new StringBuilder("Confusion matrix of " + performance.label() + ".");
        for (int r = 0; r < performance.confusion().size(); r++) {
            words.append(" Reference KL ").append(r).append(" graded 0 to 4: ");
            words.append(performance.confusion().get(r).toString().replaceAll("[\\[\\]]", ""));
            words.append('.');
        }
        return words.toString();
    }
}
