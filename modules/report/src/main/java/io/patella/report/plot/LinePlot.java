package io.patella.report.plot;

import io.patella.report.facts.Curve;
import io.patella.report.html.Csv;
import io.patella.report.html.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Curves over two linear axes with a legend below: ROC, precision-recall, reliability, decision and learning curves. Lines
 * differ in colour and in dash, so that neither colour vision nor a colour printer is needed.
 */
public final class LinePlot {
    private static final double WIDTH = 360;
    private static final double LEFT = 48;
    private static final double TOP = 10;
    private static final double RIGHT = 350;
    private static final double LEGEND_LINE = 17;
    private static final double LEGEND_ROW = 166;

    /** Longer names than this get a line of the legend each. */
    private static final int LEGEND_CHARACTERS = 19;

    /** Points that lie closer than this share of both axes to the one before are not drawn. */
    private static final double RESOLUTION = 0.001;

    private final Axis x;
    private final Axis y;
    private final double bottom;
    private final List<Line> lines = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private final List<Bar> bars = new ArrayList<>();
    private boolean diagonal;

    private record Line(String style, String name, List<Curve.Point> points, boolean dotted) {}

    private record Mark(String style, String name, double x, double y, double lower, double upper) {}

    private record Bar(double x, double share) {}

    private LinePlot(Axis x, Axis y, double height) {
        this.x = x;
        this.y = y;
        this.bottom = TOP + height;
    }

    /** A plot as high as it is wide. */
    public static LinePlot square(Axis x, Axis y) {
        return new LinePlot(x, y, RIGHT - LEFT);
    }

    /** A plot of two thirds of that height. */
    public static LinePlot flat(Axis x, Axis y) {
        return new LinePlot(x, y, (RIGHT - LEFT) * 0.62);
    }

    /** Draws the line y = x behind everything. */
    public LinePlot diagonal() {
        diagonal = true;
        return this;
    }

    /**
     * Adds a curve; {@code style} is one of the style sheet's line classes. Where it leaves the y axis it is interrupted,
     * never bridged; the CSV has all of it.
     */
    public LinePlot line(String style, String name, List<Curve.Point> points) {
        lines.add(new Line(style, name, thinned(points), false));
        return this;
    }

    /** Adds a curve whose points are marked. */
    public LinePlot dottedLine(String style, String name, List<Curve.Point> points) {
        lines.add(new Line(style, name, List.copyOf(points), true));
        return this;
    }

    /** Marks a point; points of one name share a symbol and a line of the legend. */
    public LinePlot mark(String name, double atX, double atY) {
        return mark("", name, atX, atY);
    }

    /** Marks a point in the colour of a line, where several lines have points of one name. */
    public LinePlot mark(String style, String name, double atX, double atY) {
        marks.add(new Mark(style, name, atX, atY, atY, atY));
        return this;
    }

    /** Adds a vertical interval. */
    public LinePlot interval(double atX, double lower, double upper) {
        marks.add(new Mark("", "", atX, (lower + upper) / 2, lower, upper));
        return this;
    }

    /** Adds a small bar on the floor; {@code share} 1 is a sixth of the height. */
    public LinePlot bar(double atX, double share) {
        bars.add(new Bar(atX, share));
        return this;
    }

    /** The drawn points as CSV: curve, x, y. */
    public String csv() {
        StringBuilder csv = new StringBuilder(Csv.line(List.of("curve", x.label(), y.label())));
        for (Line line : lines) {
            for (Curve.Point point : line.points()) {
                csv.append(Csv.line(List.of(line.name(), exact(point.x()), exact(point.y()))));
            }
        }
        return csv.toString();
    }

    /** The drawing. */
    public Markup svg(String alternative) {
        List<String> named = marks.stream()
                .map(Mark::name)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        int entries = lines.size() + named.size();
        int columns = longestName() > LEGEND_CHARACTERS ? 1 : 2;
        double legendTop = bottom + 50;
        double height = legendTop + row(entries + columns - 1, columns) * LEGEND_LINE - 4;
        Markup svg = Svg.open("plot", WIDTH, height, alternative);
        frame(svg);
        for (Bar bar : bars) {
            double full = (bottom - TOP) / 6 * bar.share();
            Svg.rectangle(svg, "bar", x(bar.x()) - 6, bottom - full, 12, full);
        }
        if (diagonal) {
            double from = Math.max(x.from(), y.from());
            double to = Math.min(x.to(), y.to());
            Svg.line(svg, "chance", x(from), y(from), x(to), y(to));
        }
        for (Line line : lines) {
            line(svg, line);
        }
        for (Mark mark : marks) {
            if (mark.name().isEmpty()) {
                Svg.line(svg, "whisker", x(mark.x()), y(mark.lower()), x(mark.x()), y(mark.upper()));
            } else {
                symbol(svg, mark.style(), named.indexOf(mark.name()), x(mark.x()), y(mark.y()));
            }
        }
        int entry = 0;
        for (Line line : lines) {
            double left = LEFT - 10 + (entry % columns) * LEGEND_ROW;
            double top = legendTop + row(entry, columns) * LEGEND_LINE;
            Svg.line(svg, "line " + line.style(), left, top, left + 24, top);
            Svg.text(svg, "legend", left + 30, top + 4, line.name());
            entry++;
        }
        for (String name : named) {
            double left = LEFT - 10 + (entry % columns) * LEGEND_ROW;
            double top = legendTop + row(entry, columns) * LEGEND_LINE;
            symbol(svg, "", named.indexOf(name), left + 12, top);
            Svg.text(svg, "legend", left + 30, top + 4, name);
            entry++;
        }
        return svg.close();
    }

    /** The line of the legend in which an entry stands. */
    private static int row(int entry, int columns) {
        return entry / columns;
    }

    private int longestName() {
        return Math.max(
                lines.stream().mapToInt(line -> line.name().length()).max().orElse(0),
                marks.stream().mapToInt(mark -> mark.name().length()).max().orElse(0));
    }

    private void frame(Markup svg) {
        for (double tick : x.ticks()) {
            Svg.line(svg, "grid", x(tick), TOP, x(tick), bottom);
            Svg.text(svg, "tick middle", x(tick), bottom + 15, x.print(tick));
        }
        for (double tick : y.ticks()) {
            Svg.line(svg, "grid", LEFT, y(tick), RIGHT, y(tick));
            Svg.text(svg, "tick end", LEFT - 6, y(tick) + 4, y.print(tick));
        }
        Svg.line(svg, "axis", LEFT, bottom, RIGHT, bottom);
        Svg.line(svg, "axis", LEFT, TOP, LEFT, bottom);
        Svg.text(svg, "label middle", (LEFT + RIGHT) / 2, bottom + 33, x.label());
        double middle = (TOP + bottom) / 2;
        svg.leaf(
                "text",
                y.label(),
                "class",
                "label middle",
                "transform",
                "translate(12 " + Svg.length(middle) + ") rotate(-90)");
    }

    private void line(Markup svg, Line line) {
        if (line.points().isEmpty()) {
            return;
        }
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        for (Curve.Point point : line.points()) {
            if (point.y() < y.from() || point.y() > y.to()) {
                pen = false;
                continue;
            }
            path.append(pen ? 'L' : 'M')
                    .append(Svg.length(x(point.x())))
                    .append(' ')
                    .append(Svg.length(y(point.y())));
            pen = true;
        }
        svg.empty("path", "class", "line " + line.style(), "d", path.toString());
        if (line.dotted()) {
            for (Curve.Point point : line.points()) {
                Svg.circle(svg, "dot " + line.style(), x(point.x()), y(point.y()), 2.6);
            }
        }
    }

    /** A circle, a square, a diamond, a triangle, in turn. */
    private static void symbol(Markup svg, String style, int kind, double x, double y) {
        String path = switch (kind % 4) {
            case 0 -> "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z";
            case 1 -> "M-4 -4h8v8h-8z";
            case 2 -> "M0 -5.5L5.5 0L0 5.5L-5.5 0z";
            default -> "M0 -5L5 4H-5z";
        };
        svg.empty(
                "path",
                "class",
                style.isEmpty() ? "symbol" : "symbol " + style,
                "transform",
                "translate(" + Svg.length(x) + " " + Svg.length(y) + ")",
                "d",
                path);
    }

    private double x(double value) {
        return LEFT + (RIGHT - LEFT) * x.at(value);
    }

    private double y(double value) {
        return bottom - (bottom - TOP) * y.at(value);
    }

    private List<Curve.Point> thinned(List<Curve.Point> points) {
        List<Curve.Point> kept = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Curve.Point point = points.get(i);
            boolean end = i == 0 || i == points.size() - 1;
            if (end || far(kept.get(kept.size() - 1), point)) {
                kept.add(point);
            }
        }
        return kept;
    }

    private boolean far(Curve.Point a, Curve.Point b) {
        return Math.abs(a.x() - b.x()) >= RESOLUTION * (x.to() - x.from())
                || Math.abs(a.y() - b.y()) >= RESOLUTION * (y.to() - y.from());
    }

    private static String exact(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }
}
