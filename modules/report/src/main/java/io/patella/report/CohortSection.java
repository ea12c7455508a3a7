package io.patella.report;

import io.patella.report.facts.Characteristics;
import io.patella.report.facts.Pictures;
import io.patella.report.facts.Report;
import io.patella.report.html.Cell;
import io.patella.report.html.DataTable;
import io.patella.report.html.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Table 1 of each cohort, and what its radiographs look like. */
final class CohortSection {
    private CohortSection() {}

    static Optional<Section> of(Report report) {
        if (report.characteristics().isEmpty() && report.examples().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        html.open("div", "class", "pair");
        report.characteristics().forEach(each -> Blocks.table(html, table(each)));
        html.close();
        report.examples().forEach(each -> strips(html, each));
        return Optional.of(new Section("cohorts", "Cohorts", html));
    }

    private static DataTable table(Characteristics characteristics) {
        DataTable table = DataTable.captioned("Characteristics of " + characteristics.cohort())
                .columns("Characteristic")
                .columns(characteristics.columns().toArray(String[]::new));
        for (Characteristics.Block block : characteristics.blocks()) {
            table.heading(block.name());
            long[] all = new long[characteristics.columns().size()];
            block.rows().forEach(row -> {
                for (int c = 0; c < all.length; c++) {
                    all[c] += row.counts().get(c);
                }
            });
            for (Characteristics.Row row : block.rows()) {
                List<Cell> cells = new ArrayList<>();
                cells.add(Cell.words(row.label()));
                for (int c = 0; c < all.length; c++) {
                    long count = row.counts().get(c);
                    cells.add(
                            block.shares() == Characteristics.Shares.SHOWN
                                    ? Cell.share(count, all[c])
                                    : Cell.count(count));
                }
                table.row(cells);
            }
        }
        return table;
    }

    private static void strips(Markup html, Pictures.Examples examples) {
        html.leaf("h3", "Example radiographs of " + examples.cohort());
        html.open("div", "class", "strips");
        for (Pictures.Strip strip : examples.strips()) {
            html.open("figure", "class", "strip-row");
            html.leaf("figcaption", "KL " + strip.grade());
            html.open("div", "class", "pictures");
            for (Pictures.Picture picture : strip.pictures()) {
                Blocks.picture(
                        html, picture, "Radiograph " + picture.imageId() + ", reference grade KL " + strip.grade());
            }
            html.close().close();
        }
        html.close();
    }
}
