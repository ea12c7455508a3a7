package io.patella.report;

import io.patella.report.facts.Report;
import io.patella.report.facts.SplitFacts;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How each cohort was divided, and the checks that no patient and no picture stands in two parts. */
final class SplitSection {
    private SplitSection() {}

    static Optional<Section> of(Report report) {
        if (report.splits().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        report.splits().forEach(each -> split(html, each));
        return Optional.of(new Section("split", "Split by patient", html));
    }

    private static void split(Markup html, SplitFacts facts) {
        html.leaf("h3", facts.cohort() + ", split " + facts.split());
        Blocks.paragraph(html, facts.rule() + ".");
        html.open("div", "class", "pair");
        DataTable sizes = DataTable.captioned("Parts of " + facts.cohort() + ", " + facts.split())
                .columns("Counted")
                .columns(facts.parts().toArray(String[]::new));
        sizes.row(row("Patients", facts.patients()));
        sizes.row(row("Radiographs", facts.images()));
        if (!facts.strata().isEmpty()) {
            sizes.heading("Patients by stratum");
            facts.strata().forEach(each -> sizes.row(row(each.stratum(), each.patients())));
        }
        Blocks.table(html, sizes);
        DataTable checks = DataTable.captioned("Checks of " + facts.cohort() + ", " + facts.split())
                .columns("Rule", "Violations", "Outcome");
        for (SplitFacts.Check check : facts.checks()) {
            checks.row(
                    Cell.words(check.rule()),
                    Cell.count(check.violations()),
                    Cell.words(check.violations() == 0 ? "holds" : "broken"));
        }
        Blocks.table(html, checks);
        html.close();
        Blocks.notes(html, facts.notes());
    }

    private static List<Cell> row(String label, List<Long> counts) {
        long all = counts.stream().mapToLong(Long::longValue).sum();
        List<Cell> cells = new ArrayList<>(List.of(Cell.words(label)));
        counts.forEach(count -> cells.add(Cell.share(count, all)));
        return cells;
    }
}
