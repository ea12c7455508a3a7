package io.patella.report.plot;

import io.patella.report.facts.Estimate;
import io.patella.report.html.Markup;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A forest plot cut into strips, one per row of a table, all over one axis: the figures stand beside it in the row, so the
 * strip itself needs no words.
 */
public final class ForestStrip {
    private static final double WIDTH = 180;
    private static final double HEIGHT = 22;
    private static final double MARGIN = 16;

    private final Axis axis;
    private final @Nullable Double reference;

    private ForestStrip(Axis axis, @Nullable Double reference) {
        this.axis = axis;
        this.reference = reference;
    }

    /**
     * Strips whose axis holds all estimates and the reference.
     *
     * @param reference where the vertical line stands: the overall estimate, or 0 for differences; null for none
     */
    public static ForestStrip over(Collection<Estimate> estimates, @Nullable Double reference) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (Estimate each : estimates) {
            for (Double bound : new Double[] {each.value(), each.lower(), each.upper(), reference}) {
                if (bound != null) {
                    least = Math.min(least, bound);
                    greatest = Math.max(greatest, bound);
                }
            }
        }
        return new ForestStrip(least <= greatest ? Axis.around("", least, greatest) : Axis.share(""), reference);
    }

    /** One row. */
    public Markup row(Estimate estimate) {
        Markup svg = frame();
        double middle = HEIGHT / 2;
        if (estimate.lower() != null && estimate.upper() != null) {
            double from = x(estimate.lower());
            double to = x(estimate.upper());
            Svg.line(svg, "whisker", from, middle, to, middle);
            Svg.line(svg, "whisker", from, middle - 3.5, from, middle + 3.5);
            Svg.line(svg, "whisker", to, middle - 3.5, to, middle + 3.5);
        }
        if (estimate.value() != null) {
            Svg.rectangle(svg, "estimate", x(estimate.value()) - 3.5, middle - 3.5, 7, 7);
        }
        return svg.close();
    }

    /** The overall row: a diamond over the interval. */
    public Markup overall(Estimate estimate) {
        Markup svg = frame();
        if (estimate.value() != null) {
            double centre = x(estimate.value());
            double from = estimate.lower() == null ? centre - 6 : x(estimate.lower());
            double to = estimate.upper() == null ? centre + 6 : x(estimate.upper());
            svg.empty(
                    "path",
                    "class",
                    "estimate",
                    "d",
                    "M" + Svg.length(from) + " 11L" + Svg.length(centre) + " 5L" + Svg.length(to) + " 11L"
                            + Svg.length(centre) + " 17z");
        }
        return svg.close();
    }

    /** The axis under the last row. */
    public Markup axis() {
        Markup svg = frame();
        Svg.line(svg, "axis", MARGIN, 1, WIDTH - MARGIN, 1);
        var ticks = axis.ticks();
        // Seven labels would touch at this width: every other one is enough.
        int every = ticks.size() > 4 ? 2 : 1;
        for (int i = 0; i < ticks.size(); i++) {
            Svg.line(svg, "axis", x(ticks.get(i)), 1, x(ticks.get(i)), 5);
            if (i % every == 0) {
                Svg.text(svg, "tick middle", x(ticks.get(i)), 17, axis.print(ticks.get(i)));
            }
        }
        return svg.close();
    }

    private Markup frame() {
        Markup svg = new Markup()
                .open(
                        "svg",
                        "class",
                        "strip",
                        "width",
                        Svg.length(WIDTH),
                        "height",
                        Svg.length(HEIGHT),
                        "viewBox",
                        "0 0 " + Svg.length(WIDTH) + " " + Svg.length(HEIGHT),
                        "aria-hidden",
                        "true");
        if (reference != null) {
            Svg.line(svg, "reference", x(reference), 0, x(reference), HEIGHT);
        }
        return svg;
    }

    private double x(double value) {
        return MARGIN + (WIDTH - 2 * MARGIN) * axis.at(value);
    }
}
