package io.patella.report.plot;

import io.patella.report.html.Markup;
import java.util.Locale;

/** What all plots share: the drawing's frame with its text alternative, and lengths with one decimal. */
final class Svg {
    private Svg() {}

    /**
     * Opens a drawing.
     *
     * @param style its class
     * @param width width of its coordinates; one unit is one CSS pixel at most
     * @param height height of its coordinates
     * @param alternative what a reader who does not see it is told
     */
    static Markup open(String style, double width, double height, String alternative) {
        return new Markup()
                .open(
                        "svg",
                        "class",
                        style,
                        "viewBox",
                        "0 0 " + length(width) + " " + length(height),
                        "style",
                        "max-width:" + length(width * 1.15) + "px",
                        "role",
                        "img",
                        "aria-label",
                        alternative);
    }

    /** A length with one decimal at most. */
    static String length(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        if (text.endsWith(".0")) {
            text = text.substring(0, text.length() - 2);
        }
        return text.equals("-0") ? "0" : text;
    }

    static void line(Markup svg, String style, double x1, double y1, double x2, double y2) {
        svg.empty("line", "class", style, "x1", length(x1), "y1", length(y1), "x2", length(x2), "y2", length(y2));
    }

    static void rectangle(Markup svg, String style, double x, double y, double width, double height) {
        svg.empty(
                "rect",
                "class",
                style,
                "x",
                length(x),
                "y",
                length(y),
                "width",
                length(width),
                "height",
                length(height));
    }

    static void circle(Markup svg, String style, double x, double y, double radius) {
        svg.empty("circle", "class", style, "cx", length(x), "cy", length(y), "r", length(radius));
    }

    static void text(Markup svg, String style, double x, double y, String text) {
        svg.leaf("text", text, "class", style, "x", length(x), "y", length(y));
    }
}
