package io.patella.report;

import io.patella.report.facts.Agreement;
import io.patella.report.facts.ConsensusFacts;
import io.patella.report.facts.Report;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import java.util.Optional;

/** How readings became reference grades, and how far readers agree, with the models beside them. */
final class ReferenceSection {
    private ReferenceSection() {}

    static Optional<Section> of(Report report) {
        if (report.consensus().isEmpty() && report.agreements().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        report.consensus().forEach(each -> consensus(html, each));
        report.agreements().forEach(each -> agreement(html, each));
        return Optional.of(new Section("reference", "Reference grades and readers", html));
    }

    private static void consensus(Markup html, ConsensusFacts facts) {
        long all = facts.reasons().stream()
                .mapToLong(ConsensusFacts.Outcome::images)
                .sum();
        long kept = facts.kept().stream().mapToLong(Long::longValue).sum();
        Blocks.paragraph(
                html,
                "In " + facts.cohort() + " the protocol " + facts.protocol() + " gave " + Numbers.count(kept) + " of "
                        + Numbers.count(all)
                        + " radiographs a reference grade. Readings are kept whatever became of them.");
        html.open("div", "class", "pair");
        DataTable reasons = DataTable.captioned("Outcome of the protocol " + facts.protocol() + " in " + facts.cohort())
                .columns("Outcome", "Reference grade", "Radiographs");
        for (ConsensusFacts.Outcome each : facts.reasons()) {
            reasons.row(
                    Cell.words(each.reason().replace('_', ' ')),
                    Cell.words(each.kept() ? "yes" : "no"),
                    Cell.share(each.images(), all));
        }
        Blocks.table(html, reasons);
        DataTable grades =
                DataTable.captioned("Reference grades of " + facts.cohort()).columns("Grade", "Radiographs");
        for (int grade = 0; grade < facts.kept().size(); grade++) {
            grades.row(Cell.words("KL " + grade), Cell.share(facts.kept().get(grade), kept));
        }
        Blocks.table(html, grades);
        html.close();
    }

    private static void agreement(Markup html, Agreement agreement) {
        html.leaf("h3", "Agreement in " + agreement.cohort());
        DataTable pairs = DataTable.captioned("Agreement of readers and models in " + agreement.cohort())
                .columns("Pair")
                .columns("Radiographs")
                .intervals("Agreement", "κ", "κ, quadratic");
        for (Agreement.Kind kind : Agreement.Kind.values()) {
            boolean headed = false;
            for (Agreement.Pair pair : agreement.pairs()) {
                if (pair.kind() != kind) {
                    continue;
                }
                if (!headed) {
                    pairs.heading(kind.words());
                    headed = true;
                }
                pairs.row(
                        Cell.words(pair.first() + " – " + pair.second()),
                        Cell.count(pair.images()),
                        Cell.estimate(pair.percentAgreement()),
                        Cell.estimate(pair.kappa()),
                        Cell.estimate(pair.kappaQuadratic()));
            }
        }
        Blocks.table(html, pairs);
        DataTable coefficients = DataTable.captioned("Agreement over all readers of " + agreement.cohort())
                .columns("Coefficient")
                .intervals("Value");
        agreement
                .coefficients()
                .forEach(each ->
                        coefficients.row(Cell.words(MetricNames.printed(each.name())), Cell.estimate(each.estimate())));
        Blocks.table(html, coefficients);
        Blocks.notes(html, agreement.notes());
    }
}
