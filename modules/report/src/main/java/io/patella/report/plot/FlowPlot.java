package io.patella.report.plot;

import io.patella.report.facts.PatientFlow;
import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import java.util.ArrayList;
import java.util.List;

/** The flow of patients: a column of boxes, what leaves on the right with its reasons, and the parts at the foot. */
public final class FlowPlot {
    private static final double WIDTH = 374;
    private static final double BOX = 172;
    private static final double SIDE = 200;
    private static final double LINE = 15;
    private static final double GAP = 26;

    /** As many characters as fit into a box of reasons. */
    private static final int SIDE_CHARACTERS = 23;

    private FlowPlot() {}

    /** The drawing. */
    public static Markup svg(PatientFlow flow, String alternative) {
        Markup boxes = new Markup();
        double top = 2;
        double middle = BOX / 2 + 2;
        List<PatientFlow.Step> steps = flow.steps();
        for (int i = 0; i < steps.size(); i++) {
            PatientFlow.Step step = steps.get(i);
            List<String> words = words(step);
            double height = boxHeight(words.size());
            box(boxes, "box", 2, top, BOX, words, true);
            double next = top + height + GAP;
            if (!step.left().isEmpty()) {
                List<String> reasons = reasons(step);
                double sideTop = top + height + 8;
                double sideHeight = boxHeight(reasons.size());
                box(boxes, "box left", SIDE, sideTop, WIDTH - SIDE - 2, reasons, false);
                double arrow = sideTop + sideHeight / 2;
                Svg.line(boxes, "arrow", middle, arrow, SIDE - 5, arrow);
                boxes.empty("path", "class", "head", "d", head(SIDE, arrow, true));
                next = Math.max(next, sideTop + sideHeight + 8);
            }
            boolean last = i == steps.size() - 1;
            if (!last) {
                Svg.line(boxes, "arrow", middle, top + height, middle, next - 5);
                boxes.empty("path", "class", "head", "d", head(middle, next, false));
            } else if (flow.parts().isEmpty()) {
                next = Math.max(top + height, step.left().isEmpty() ? 0 : next - 8);
            } else {
                next = parts(boxes, flow.parts(), middle, top + height, next);
            }
            top = next;
        }
        Markup svg = Svg.open("plot flow", WIDTH, top + 2, alternative);
        svg.append(boxes);
        return svg.close();
    }

    private static double parts(Markup boxes, List<PatientFlow.Step> parts, double middle, double from, double next) {
        double gap = 8;
        double width = (WIDTH - 4 - gap * (parts.size() - 1)) / parts.size();
        double bus = next - GAP / 2;
        Svg.line(boxes, "arrow", middle, from, middle, bus);
        double firstMiddle = 2 + width / 2;
        double lastMiddle = 2 + (parts.size() - 1) * (width + gap) + width / 2;
        Svg.line(boxes, "arrow", Math.min(middle, firstMiddle), bus, Math.max(middle, lastMiddle), bus);
        double height = 0;
        for (int i = 0; i < parts.size(); i++) {
            double left = 2 + i * (width + gap);
            List<String> words = words(parts.get(i));
            box(boxes, "box", left, next, width, words, true);
            Svg.line(boxes, "arrow", left + width / 2, bus, left + width / 2, next - 5);
            boxes.empty("path", "class", "head", "d", head(left + width / 2, next, false));
            height = Math.max(height, boxHeight(words.size()));
        }
        return next + height;
    }

    private static List<String> words(PatientFlow.Step step) {
        List<String> words = new ArrayList<>();
        words.add(step.label());
        words.add("n = " + Numbers.count(step.images()));
        if (step.patients() != null) {
            words.add(Numbers.count(step.patients()) + (step.patients() == 1 ? " patient" : " patients"));
        }
        return words;
    }

    private static List<String> reasons(PatientFlow.Step step) {
        List<String> words = new ArrayList<>();
        long all = step.left().stream().mapToLong(PatientFlow.Reason::images).sum();
        words.add("not on: n = " + Numbers.count(all));
        for (PatientFlow.Reason reason : step.left()) {
            words.addAll(wrapped(reason.reason() + ": " + Numbers.count(reason.images())));
        }
        return words;
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > SIDE_CHARACTERS) {
                lines.add(line.toString());
                line.setLength(0);
                line.append("  ");
            }
            line.append(line.isEmpty() || line.toString().isBlank() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static double boxHeight(int lines) {
        return lines * LINE + 14;
    }

    private static void box(
            Markup svg, String style, double left, double top, double width, List<String> words, boolean centred) {
        svg.empty(
                "rect",
                "class",
                style,
                "x",
                Svg.length(left),
                "y",
                Svg.length(top),
                "width",
                Svg.length(width),
                "height",
                Svg.length(boxHeight(words.size())),
                "rx",
                "3");
        for (int i = 0; i < words.size(); i++) {
            String weight = i == 0 ? "strong" : "legend";
            Svg.text(
                    svg,
                    centred ? weight + " middle" : weight,
                    centred ? left + width / 2 : left + 9,
                    top + 18 + i * LINE,
                    words.get(i));
        }
    }

    /** An arrow head whose point is at (x, y). */
    private static String head(double x, double y, boolean toTheRight) {
        String point = "M" + Svg.length(x) + " " + Svg.length(y);
        return toTheRight ? point + "l-6 -3.5v7z" : point + "l-3.5 -6h7z";
    }
}
