package io.patella.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.report.facts.Heading;
import io.patella.report.facts.Report;
import io.patella.report.facts.Subgroups;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportPageTest {
    private static String html = "";
    private static Document page;

    @BeforeAll
    static void readThePageAsXml() throws Exception {
        html = ReportPage.html(SampleReport.full(Heading.Origin.PHANTOMS));
        page = parsed(html);
    }

    private static Document parsed(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    private static List<Element> elements(String name) {
        NodeList found = page.getElementsByTagName(name);
        List<Element> all = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            all.add((Element) found.item(i));
        }
        return all;
    }

    private static List<String> sections(Report report) throws Exception {
        NodeList found = parsed(ReportPage.html(report)).getElementsByTagName("section");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            ids.add(((Element) found.item(i)).getAttribute("id"));
        }
        return ids;
    }

    @Test
    void pageAsksForNothingOutsideItself() {
        Predicate<String> inside = address -> address.startsWith("#") || address.startsWith("data:");
        for (String name : List.of("href", "src", "xlink:href", "srcset", "action", "poster")) {
            for (Element each : elements("*")) {
                if (each.hasAttribute(name)) {
                    assertThat(each.getAttribute(name)).matches(inside, "stays inside the page");
                }
            }
        }
        assertThat(html).doesNotContain("url(").doesNotContain("@import").doesNotContain("<script");
        assertThat(html).contains("default-src 'none'");
    }

    @Test
    void everySectionIsThereWhenItsFactsAre() throws Exception {
        assertThat(sections(SampleReport.full(Heading.Origin.PATIENTS)))
                .containsExactly(
                        "summary",
                        "flow",
                        "cohorts",
                        "reference",
                        "split",
                        "performance",
                        "confusion",
                        "discrimination",
                        "calibration",
                        "subgroups",
                        "comparison",
                        "training",
                        "topic-studies",
                        "topic-hard-grades",
                        "failures",
                        "heatmaps",
                        "provenance",
                        "checklist");
    }

    @Test
    void sectionsWithoutFactsAreLeftOut() throws Exception {
        Heading heading = SampleReport.heading(Heading.Origin.PATIENTS);
        assertThat(sections(Report.titled(heading).build())).containsExactly("checklist");
        assertThat(sections(
                        Report.titled(heading).flow(SampleReport.flow("north")).build()))
                .containsExactly("flow", "checklist");
        assertThat(sections(Report.titled(heading)
                        .split(SampleReport.split("north"))
                        .tabulation(SampleReport.study())
                        .build()))
                .containsExactly("split", "topic-studies", "checklist");
    }

    @Test
    void phantomsAreAnnouncedAndPatientsAreNot() {
        assertThat(elements("aside"))
                .singleElement()
                .satisfies(
                        banner -> assertThat(banner.getTextContent()).startsWith("These are phantoms, not patients"));
        assertThat(ReportPage.html(SampleReport.full(Heading.Origin.PATIENTS)))
                .doesNotContain("phantoms, not patients");
        assertThat(ReportPage.html(SampleReport.full(Heading.Origin.BOTH)))
                .contains("Some cohorts of this page are phantoms");
    }

    @Test
    void pageSaysThatItIsNoDiagnosis() {
        assertThat(elements("header").get(0).getTextContent()).contains("Not a diagnosis.");
    }

    @Test
    void everyTableHasACaptionAndEveryPictureWords() {
        assertThat(elements("table"))
                .isNotEmpty()
                .allSatisfy(table -> assertThat(
                                table.getElementsByTagName("caption").item(0).getTextContent())
                        .isNotBlank());
        assertThat(elements("img"))
                .isNotEmpty()
                .allSatisfy(picture -> assertThat(picture.getAttribute("alt")).isNotBlank());
        assertThat(elements("svg"))
                .isNotEmpty()
                .allSatisfy(svg -> assertThat(svg.getAttribute("aria-label") + svg.getAttribute("aria-hidden"))
                        .isNotBlank());
    }

    @Test
    void everyTableCanBeDownloadedUnderANameOfItsOwn() {
        List<String> names = new ArrayList<>();
        for (Element table : elements("table")) {
            Element caption = (Element) table.getElementsByTagName("caption").item(0);
            Element link = (Element) caption.getElementsByTagName("a").item(0);
            assertThat(link).as(caption.getTextContent()).isNotNull();
            assertThat(link.getAttribute("href")).startsWith("data:text/csv");
            names.add(link.getAttribute("download"));
        }
        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void reliabilityIsDownloadedWithIntervalsAndCounts() {
        String data = elements("a").stream()
                .filter(link -> link.getAttribute("download").equals("reliability-kl-fusenet-north-test.csv"))
                .findFirst()
                .orElseThrow()
                .getAttribute("href");
        String csv =
                new String(Base64.getDecoder().decode(data.substring(data.indexOf(',') + 1)), StandardCharsets.UTF_8);
        assertThat(csv.lines())
                .hasSize(16)
                .startsWith("mean predicted probability,observed share,observed share lower,observed share upper,"
                        + "radiographs")
                .last()
                .asString()
                .endsWith(",300");
    }

    @Test
    void forestPlotsOfOneMetricAndPartShareTheirAxis() {
        Subgroups good = subgroups("one", 0.9);
        Subgroups poor = subgroups("two", 0.5);
        String page = ReportPage.html(Report.titled(SampleReport.heading(Heading.Origin.PHANTOMS))
                .subgroups(good)
                .subgroups(poor)
                .build());
        String axisFrom = page.substring(page.indexOf("<tfoot>"), page.indexOf("</tfoot>"));
        String axisTo = page.substring(page.lastIndexOf("<tfoot>"), page.lastIndexOf("</tfoot>"));
        assertThat(ticks(axisFrom)).isNotEmpty().isEqualTo(ticks(axisTo));
    }

    private static Subgroups subgroups(String model, double value) {
        return new Subgroups("north", "test", model, "qwk", SampleReport.around(value, 0.01), 10, List.of());
    }

    private static List<String> ticks(String axis) {
        return Pattern.compile(">(0\\.\\d+)<")
                .matcher(axis)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void everyLinkInsideThePageHasItsTarget() {
        Set<String> ids = new HashSet<>();
        for (Element each : elements("*")) {
            if (each.hasAttribute("id")) {
                assertThat(ids.add(each.getAttribute("id")))
                        .as(each.getAttribute("id"))
                        .isTrue();
            }
        }
        assertThat(elements("a").stream()
                        .map(link -> link.getAttribute("href"))
                        .filter(target -> target.startsWith("#"))
                        .map(target -> target.substring(1)))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(ids).contains(target));
    }

    @Test
    void strataTooSmallForAFigureShowNone() {
        Element table = elements("table").stream()
                .filter(each -> each.getTextContent().contains("by subgroup"))
                .findFirst()
                .orElseThrow();
        NodeList rows = table.getElementsByTagName("tr");
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < rows.getLength(); i++) {
            if (rows.item(i).getTextContent().startsWith("missing")) {
                missing.add(rows.item(i).getTextContent());
            }
        }
        assertThat(missing).containsExactly("missing2513too few");
    }

    @Test
    void undefinedFiguresAreDashesWithTheirReasonBelow() {
        assertThat(html).contains("ICC(3,1) is undefined: one reader only.");
        assertThat(html).doesNotContain("NaN").doesNotContain(">null<");
    }

    @Test
    void namesOfUsersCannotBecomeMarkup() {
        assertThat(html).contains("south &lt;second hospital&gt;").doesNotContain("<second hospital>");
    }

    @Test
    void sameReportGivesTheSameBytes() {
        assertThat(ReportPage.html(SampleReport.full(Heading.Origin.PHANTOMS))).isEqualTo(html);
    }

    @Test
    void headingsDescendWithoutGaps() {
        int before = 1;
        assertThat(elements("h1")).hasSize(1);
        for (Element each : elements("*")) {
            if (each.getTagName().matches("h[2-6]")) {
                int level = each.getTagName().charAt(1) - '0';
                assertThat(level).as(each.getTextContent()).isLessThanOrEqualTo(before + 1);
                before = level;
            }
        }
    }
}
