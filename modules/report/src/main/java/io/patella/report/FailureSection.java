package io.patella.report;

import io.patella.report.facts.Pictures;
import io.patella.report.facts.Report;
import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import io.patella.report.plot.ProbabilityBars;
import java.util.Optional;

/** The worst errors, with the picture, where the model looked, and how sure it was. */
final class FailureSection {
    private FailureSection() {}

    static Optional<Section> of(Report report) {
        if (report.failures().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        Blocks.paragraph(
                html,
                "Radiographs graded farthest from their reference, the surest first. Bars are the probabilities of KL 0"
                        + " to 4; the dark one is the model’s grade, the framed one the reference.");
        for (Pictures.Failures each : report.failures()) {
            html.leaf("h3", each.model() + ", " + each.cohort() + " " + each.part());
            html.open("div", "class", "cards");
            each.failures().forEach(failure -> card(html, failure));
            html.close();
        }
        return Optional.of(new Section("failures", "Worst errors", html));
    }

    private static void card(Markup html, Pictures.Failure failure) {
        String id = failure.picture().imageId();
        html.open("figure", "class", "card");
        html.open("div", "class", "pictures");
        Blocks.picture(html, failure.picture(), "Radiograph " + id);
        if (failure.heatmap() != null) {
            Blocks.picture(html, failure.heatmap(), "Radiograph " + id + " with Grad-CAM over it");
        }
        html.close();
        if (!failure.distribution().isEmpty()) {
            html.append(ProbabilityBars.svg(failure.distribution(), failure.reference(), failure.predicted()));
        }
        html.open("figcaption");
        html.leaf("span", id, "class", "id")
                .text(" reference KL " + failure.reference() + ", graded KL " + failure.predicted());
        if (failure.predicted() < failure.distribution().size()) {
            html.text(" (p = " + Numbers.decimal(failure.distribution().get(failure.predicted())) + ")");
        }
        html.close().close();
    }
}
