package io.patella.report.plot;

import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import java.util.List;
import java.util.Locale;

/** A confusion matrix: colour is the share of the row, the number in the cell the count. */
public final class ConfusionPlot {
    private static final double CELL = 56;
    private static final double LEFT = 52;
    private static final double TOP = 40;

    /** The full colour is so much of the accent that the same ink stays legible on every cell, light and dark. */
    private static final double STRONGEST = 0.75;

    private ConfusionPlot() {}

    /**
     * The drawing.
     *
     * @param counts rows = reference grade, columns = predicted grade
     */
    public static Markup svg(List<List<Long>> counts, String alternative) {
        int grades = counts.size();
        double width = LEFT + grades * CELL + 48;
        double height = TOP + grades * CELL + 6;
        Markup svg = Svg.open("plot confusion", width, height, alternative);
        double middle = LEFT + grades * CELL / 2;
        Svg.text(svg, "label middle", middle, 12, "predicted grade");
        svg.leaf(
                "text",
                "reference grade",
                "class",
                "label middle",
                "transform",
                "translate(12 " + Svg.length(TOP + grades * CELL / 2) + ") rotate(-90)");
        Svg.text(svg, "tick end", width - 4, 30, "all");
        for (int r = 0; r < grades; r++) {
            double top = TOP + r * CELL;
            long all = counts.get(r).stream().mapToLong(Long::longValue).sum();
            Svg.text(svg, "tick middle", LEFT + (r + 0.5) * CELL, 30, "KL " + r);
            Svg.text(svg, "tick end", LEFT - 7, top + CELL / 2 + 4, "KL " + r);
            Svg.text(svg, "tick end", width - 4, top + CELL / 2 + 4, Numbers.count(all));
            for (int c = 0; c < grades; c++) {
                cell(svg, counts.get(r).get(c), all, LEFT + c * CELL, top, r == c);
            }
        }
        return svg.close();
    }

    private static void cell(Markup svg, long count, long all, double left, double top, boolean right) {
        double share = all == 0 ? 0 : (double) count / all;
        svg.empty(
                "rect",
                "class",
                "heat",
                "x",
                Svg.length(left + 1),
                "y",
                Svg.length(top + 1),
                "width",
                Svg.length(CELL - 2),
                "height",
                Svg.length(CELL - 2),
                "fill-opacity",
                String.format(Locale.ROOT, "%.3f", 0.04 + (STRONGEST - 0.04) * share));
        if (right) {
            Svg.rectangle(svg, "diagonal", left + 1, top + 1, CELL - 2, CELL - 2);
        }
        Svg.text(svg, "count middle", left + CELL / 2, top + CELL / 2 + 1, Numbers.count(count));
        Svg.text(svg, "percent middle", left + CELL / 2, top + CELL / 2 + 15, Numbers.share(count, all));
    }
}
