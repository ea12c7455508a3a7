package io.patella.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.report.facts.Curve;
import io.patella.report.facts.Estimate;
import io.patella.report.facts.PatientFlow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlotTest {
    private static List<Curve.Point> line(int points) {
        List<Curve.Point> all = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            all.add(new Curve.Point(i / (points - 1.0), i / (points - 1.0)));
        }
        return all;
    }

    @Test
    void curveRunsFromCornerToCorner() {
        String svg = LinePlot.square(Axis.share("x"), Axis.share("y"))
                .line("k0", "KL 0", line(3))
                .svg("a line")
                .toString();
        assertThat(svg).contains("<path class=\"line k0\" d=\"M48 312L199 161L350 10\"/>");
        assertThat(svg).contains("role=\"img\" aria-label=\"a line\"");
    }

    @Test
    void pointsCloserThanTheEyeSeesAreLeftOutButTheEndsStay() {
        LinePlot plot = LinePlot.square(Axis.share("x"), Axis.share("y")).line("k0", "KL 0", line(100_001));
        List<String> rows = plot.csv().lines().toList();
        assertThat(rows).hasSizeBetween(900, 1_100);
        assertThat(rows.get(0)).isEqualTo("curve,x,y");
        assertThat(rows.get(1)).isEqualTo("KL 0,0.000000,0.000000");
        assertThat(rows.get(rows.size() - 1)).isEqualTo("KL 0,1.000000,1.000000");
    }

    @Test
    void marksOfOneNameShareALineOfTheLegend() {
        String svg = LinePlot.square(Axis.share("x"), Axis.share("y"))
                .mark("Youden", 0.1, 0.9)
                .mark("Youden", 0.2, 0.8)
                .svg("")
                .toString();
        assertThat(svg.split(">Youden<", -1)).hasSize(2);
        assertThat(svg.split("class=\"symbol\"", -1)).hasSize(4);
    }

    @Test
    void markOfALineHasItsColourAndItsLegendHasNone() {
        String svg = LinePlot.square(Axis.share("x"), Axis.share("y"))
                .mark("m0", "Youden", 0.1, 0.9)
                .mark("m1", "Youden", 0.2, 0.8)
                .svg("")
                .toString();
        assertThat(svg).containsOnlyOnce("class=\"symbol m0\"").containsOnlyOnce("class=\"symbol m1\"");
        assertThat(svg).containsOnlyOnce("class=\"symbol\"");
    }

    @Test
    void curveThatLeavesTheAxisIsInterruptedNotBridged() {
        LinePlot plot = LinePlot.square(Axis.share("x"), Axis.share("y"))
                .line(
                        "m0",
                        "benefit",
                        List.of(
                                new Curve.Point(0, 0.5),
                                new Curve.Point(0.25, 0),
                                new Curve.Point(0.5, -3),
                                new Curve.Point(0.75, 0),
                                new Curve.Point(1, 0.5)));
        assertThat(plot.svg("").toString()).contains("d=\"M48 161L123.5 312M274.5 312L350 161\"");
        assertThat(plot.csv()).contains("benefit,0.500000,-3.000000");
    }

    @Test
    void curveWithoutPointsKeepsItsNameInTheLegend() {
        String svg = LinePlot.square(Axis.share("x"), Axis.share("y"))
                .line("k4", "KL 4  –", List.of())
                .svg("")
                .toString();
        assertThat(svg).contains("KL 4  –").doesNotContain("<path");
    }

    @Test
    void confusionCellsHoldCountAndShareOfTheirRow() {
        String svg =
                ConfusionPlot.svg(List.of(List.of(3L, 1L), List.of(0L, 0L)), "").toString();
        assertThat(svg).contains(">3<", ">75.0\u202f%<", ">1<", ">25.0\u202f%<");
        assertThat(svg).as("an empty row has no shares").contains(">–<").doesNotContain("NaN");
    }

    @Test
    void flowNamesEveryStepEveryReasonAndEveryPart() {
        PatientFlow flow = new PatientFlow(
                "north",
                List.of(
                        new PatientFlow.Step(
                                "Files found", 12_000, null, List.of(new PatientFlow.Reason("truncated", 17))),
                        PatientFlow.Step.of("Radiographs", 11_983, 1L)),
                List.of(PatientFlow.Step.of("train", 8_000, 1L), PatientFlow.Step.of("test", 3_983, 1L)));
        assertThat(FlowPlot.svg(flow, "").toString())
                .contains(
                        "Files found", "n = 12,000", "truncated: 17", "n = 11,983", "1 patient<", "train", "n = 3,983");
    }

    @Test
    void forestStripPutsAllRowsOnOneAxis() {
        Estimate left = new Estimate(0.82, 0.80, 0.84);
        Estimate right = new Estimate(0.88, 0.86, 0.90);
        ForestStrip strip = ForestStrip.over(List.of(left, right), 0.85);
        assertThat(strip.row(left).toString()).contains("class=\"reference\" x1=\"90\"");
        assertThat(strip.row(right).toString()).contains("class=\"reference\" x1=\"90\"");
        assertThat(strip.row(left).toString()).contains("class=\"whisker\" x1=\"16\"");
        assertThat(strip.row(right).toString()).contains("x2=\"164\"");
    }

    @Test
    void forestStripOfNothingDefinedIsEmptyNotBroken() {
        ForestStrip strip = ForestStrip.over(List.of(Estimate.undefined()), null);
        assertThat(strip.row(Estimate.undefined()).toString())
                .doesNotContain("estimate")
                .doesNotContain("NaN");
    }

    @Test
    void probabilityBarsMarkReferenceAndPrediction() {
        String svg = ProbabilityBars.svg(List.of(0.1, 0.6, 0.2, 0.1, 0.0), 3, 1).toString();
        assertThat(svg).contains("reference KL 3, predicted KL 1", "class=\"bar chosen\"", "class=\"frame\"");
    }
}
