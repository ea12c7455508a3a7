package io.patella.report;

import io.patella.report.facts.Heading;
import io.patella.report.facts.Report;
import io.patella.report.html.Markup;
import io.patella.report.html.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The results page, in the order of TRIPOD+AI: who came in, how they were graded and divided, how well the models did,
 * for whom, against whom, where they fail, and where every figure comes from. The same report gives the same bytes.
 */
public final class ReportPage {
    private static final List<Function<Report, Optional<Section>>> SECTIONS = List.of(
            SummarySection::of,
            FlowSection::of,
            CohortSection::of,
            ReferenceSection::of,
            SplitSection::of,
            PerformanceSection::of,
            ConfusionSection::of,
            DiscriminationSection::of,
            CalibrationSection::of,
            SubgroupSection::of,
            ComparisonSection::of,
            TrainingSection::of);

    private static final List<Function<Report, Optional<Section>>> LAST_SECTIONS =
            List.of(FailureSection::of, HeatmapSection::of, ProvenanceSection::of);

    private ReportPage() {}

    /** The page as UTF-8 text: HTML that also parses as XML, and that asks for nothing outside itself. */
    public static String html(Report report) {
        List<Section> sections = new ArrayList<>();
        SECTIONS.forEach(section -> section.apply(report).ifPresent(sections::add));
        sections.addAll(TabulationSection.all(report));
        LAST_SECTIONS.forEach(section -> section.apply(report).ifPresent(sections::add));
        sections.add(ChecklistSection.over(sections));

        Heading heading = report.heading();
        Markup body = new Markup();
        body.open("body");
        body.leaf("a", "Skip to the results", "class", "skip", "href", "#results");
        banner(body, heading.origin());
        header(body, heading);
        body.open("div", "class", "columns");
        contents(body, sections);
        body.open("main", "id", "results");
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            body.open("section", "id", section.id(), "aria-labelledby", section.id() + "-title");
            body.open("h2", "id", section.id() + "-title");
            body.leaf("span", (i + 1) + ".", "class", "ordinal").text(" " + section.title());
            body.close();
            body.append(section.body());
            body.close();
        }
        body.close().close();
        footer(body);
        body.close();
        return Page.document(heading.title(), body);
    }

    private static void banner(Markup body, Heading.Origin origin) {
        if (origin == Heading.Origin.PATIENTS) {
            return;
        }
        String words = origin == Heading.Origin.PHANTOMS
                ? "These are phantoms, not patients: drawn by a program, no figure here says anything about real knees."
                : "Some cohorts of this page are phantoms, not patients: drawn by a program.";
        body.open("aside", "class", "phantoms", "role", "note")
                .leaf("span", words)
                .close();
    }

    private static void header(Markup body, Heading heading) {
        body.open("header");
        body.leaf("p", "Patella · evaluation report", "class", "eyebrow");
        body.leaf("h1", heading.title());
        body.open("dl");
        fact(body, "Cohorts", heading.cohorts());
        fact(body, "Models", heading.models());
        fact(body, "Data as of", List.of(heading.date()));
        body.close();
        body.open("p", "class", "disclaimer");
        body.leaf("strong", "Not a diagnosis.")
                .text(" Grades by these models are for research and decision support;"
                        + " a reader answers for every patient.");
        body.close();
        body.close();
    }

    private static void fact(Markup body, String name, List<String> values) {
        if (!values.isEmpty()) {
            body.open("div")
                    .leaf("dt", name)
                    .leaf("dd", String.join(", ", values))
                    .close();
        }
    }

    private static void contents(Markup body, List<Section> sections) {
        body.open("nav", "aria-label", "Contents");
        body.open("ol");
        for (Section section : sections) {
            body.open("li")
                    .leaf("a", section.title(), "href", "#" + section.id())
                    .close();
        }
        body.close().close();
    }

    private static void footer(Markup body) {
        body.open("footer");
        body.leaf(
                "p",
                "Figures are estimates with 95 % intervals in brackets. " + "“–” stands where the data do not define a"
                        + " figure; the reason stands in the notes. Every table and plot carries its numbers as CSV in full"
                        + " precision.");
        body.close();
    }
}
