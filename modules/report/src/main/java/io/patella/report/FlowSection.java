package io.patella.report;

import io.patella.report.facts.PatientFlow;
import io.patella.report.facts.Report;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import io.patella.report.plot.FlowPlot;
import java.util.Optional;
import java.util.stream.Collectors;

/** From the files found to the radiographs evaluated, with the reason of everything that did not go on. */
final class FlowSection {
    private FlowSection() {}

    static Optional<Section> of(Report report) {
        if (report.flows().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        Blocks.paragraph(
                html,
                "Boxes count radiographs (n) and the patients they belong to; what leaves stands on the right, by reason.");
        html.open("div", "class", "grid");
        report.flows().forEach(flow -> Blocks.figure(html, flow.cohort(), FlowPlot.svg(flow, alternative(flow))));
        html.close();
        DataTable table = DataTable.captioned("Flow of patients").columns("Step", "Radiographs", "Patients");
        for (PatientFlow flow : report.flows()) {
            table.heading(flow.cohort());
            for (PatientFlow.Step step : flow.steps()) {
                row(table, step);
                step.left()
                        .forEach(reason -> table.row(
                                Cell.words("    not on: " + reason.reason()),
                                Cell.count(reason.images()),
                                Cell.words("")));
            }
            flow.parts().forEach(step -> row(table, step));
        }
        html.open("details").leaf("summary", "The same as a table");
        Blocks.table(html, table);
        html.close();
        return Optional.of(new Section("flow", "Flow of patients", html));
    }

    private static void row(DataTable table, PatientFlow.Step step) {
        table.row(
                Cell.words(step.label()),
                Cell.count(step.images()),
                step.patients() == null ? Cell.words("") : Cell.count(step.patients()));
    }

    private static String alternative(PatientFlow flow) {
        return "Flow of patients in " + flow.cohort() + ": "
                + flow.steps().stream()
                        .map(step -> step.label() + " " + Numbers.count(step.images()))
                        .collect(Collectors.joining(", then "))
                + ". The table below has the same numbers.";
    }
}
