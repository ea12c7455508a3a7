package io.patella.report;

import io.patella.report.facts.Provenance;
import io.patella.report.facts.Report;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs, snapshots, models, configurations and versions: enough to make every figure again. */
final class ProvenanceSection {
    private ProvenanceSection() {}

    static Optional<Section> of(Report report) {
        Provenance facts = report.provenance();
        if (facts == null) {
            return Optional.empty();
        }
        Markup html = new Markup();
        DataTable models = DataTable.captioned("Models")
                .columns("Name", "Bundle hash", "Architecture", "Preparation hash", "Execution mode");
        facts.models()
                .forEach(each -> models.row(
                        Cell.words(each.name()),
                        Cell.words(each.hash()),
                        Cell.words(each.architecture()),
                        Cell.words(each.preparation()),
                        Cell.words(each.mode())));
        Blocks.table(html, models);
        DataTable runs = DataTable.captioned("Runs")
                .columns("Run", "Job", "Started", "Outcome", "Snapshots read", "Snapshots written");
        facts.runs()
                .forEach(each -> runs.row(
                        Cell.words(each.id()),
                        Cell.words(each.job()),
                        Cell.words(each.started()),
                        Cell.words(each.outcome()),
                        Cell.words(pairs(each.snapshotsRead())),
                        Cell.words(pairs(each.snapshotsWritten()))));
        Blocks.table(html, runs);
        for (Provenance.Run run : facts.runs()) {
            if (!run.conf().isBlank()) {
                html.open("details").leaf("summary", "Configuration of " + run.job() + " " + run.id());
                html.leaf("pre", run.conf()).close();
            }
        }
        DataTable snapshots =
                DataTable.captioned("Snapshots that this page was read from").columns("Table", "Snapshot");
        facts.snapshots().forEach((table, snapshot) -> snapshots.row(Cell.words(table), Cell.words(snapshot)));
        html.open("div", "class", "pair");
        Blocks.table(html, snapshots);
        DataTable software = DataTable.captioned("Software").columns("What", "Version");
        software.row(Cell.words("Commit"), Cell.words(facts.commit()));
        facts.software().forEach((name, version) -> software.row(Cell.words(name), Cell.words(version)));
        Blocks.table(html, software);
        html.close();
        return Optional.of(new Section("provenance", "Provenance", html));
    }

    private static String pairs(Map<String, String> snapshots) {
        return snapshots.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }
}
