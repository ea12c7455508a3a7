package io.patella.report.plot;

import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import java.util.List;
import java.util.stream.Collectors;

/** The five probabilities of one radiograph as small bars. */
public final class ProbabilityBars {
    private static final double BAR = 30;
    private static final double GAP = 6;
    private static final double HEIGHT = 40;

    private ProbabilityBars() {}

    /** The drawing; the predicted grade is dark, the reference framed. */
    public static Markup svg(List<Double> probabilities, int reference, int predicted) {
        double width = probabilities.size() * (BAR + GAP) + GAP;
        String words = probabilities.stream().map(Numbers::decimal).collect(Collectors.joining(", "));
        Markup svg = Svg.open(
                "plot bars",
                width,
                HEIGHT + 18,
                "Probabilities of KL 0 to " + (probabilities.size() - 1) + ": " + words + "; reference KL " + reference
                        + ", predicted KL " + predicted);
        for (int grade = 0; grade < probabilities.size(); grade++) {
            double left = GAP + grade * (BAR + GAP);
            double height = Math.max(1, HEIGHT * probabilities.get(grade));
            Svg.rectangle(svg, grade == predicted ? "bar chosen" : "bar", left, HEIGHT - height, BAR, height);
            if (grade == reference) {
                Svg.rectangle(svg, "frame", left - 2, 1, BAR + 4, HEIGHT + 16);
            }
            Svg.text(svg, "tick middle", left + BAR / 2, HEIGHT + 13, Integer.toString(grade));
        }
        return svg.close();
    }
}
