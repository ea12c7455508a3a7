package io.patella.report;

import io.patella.report.facts.Pictures;
import io.patella.report.facts.Report;
import io.patella.report.html.Markup;
import java.util.Optional;

/** Grad-CAM of representative radiographs, a row per reference grade. */
final class HeatmapSection {
    private HeatmapSection() {}

    static Optional<Section> of(Report report) {
        if (report.heatmaps().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        Blocks.paragraph(
                html,
                "Grad-CAM of the predicted grade’s probability in the last convolutional stage: warm colours raised it."
                        + " It shows where the model looked, not why, and proves no reasoning.");
        for (Pictures.HeatmapGrid grid : report.heatmaps()) {
            html.leaf("h3", grid.model() + ", " + grid.cohort());
            html.open("div", "class", "strips");
            for (Pictures.HeatmapRow row : grid.rows()) {
                html.open("figure", "class", "strip-row");
                html.leaf("figcaption", "KL " + row.grade());
                html.open("div", "class", "pictures");
                for (Pictures.Heatmap each : row.heatmaps()) {
                    String id = each.picture().imageId();
                    html.open("div", "class", "twin");
                    Blocks.picture(html, each.picture(), "Radiograph " + id + ", reference grade KL " + row.grade());
                    Blocks.picture(html, each.overlay(), "Radiograph " + id + " with Grad-CAM over it");
                    html.leaf("p", "graded KL " + each.predicted()).close();
                }
                html.close().close();
            }
            html.close();
        }
        return Optional.of(new Section("heatmaps", "Where the model looked", html));
    }
}
