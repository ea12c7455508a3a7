package io.patella.report;

import io.patella.report.facts.Curve;
import io.patella.report.facts.Report;
import io.patella.report.facts.TrainingHistory;
import io.patella.report.html.Markup;
import io.patella.report.html.Numbers;
import io.patella.report.plot.Axis;
import io.patella.report.plot.LinePlot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Learning curves: loss, accuracy, QWK per epoch, training and validation part. */
final class TrainingSection {
    private TrainingSection() {}

    static Optional<Section> of(Report report) {
        if (report.histories().isEmpty()) {
            return Optional.empty();
        }
        Markup html = new Markup();
        for (TrainingHistory history : report.histories()) {
            html.leaf("h3", history.model());
            String stopped = history.stopped() == null ? "" : " Training ended: " + history.stopped() + ".";
            Blocks.paragraph(html, "Best on validation: epoch " + history.best() + "." + stopped);
            Map<String, List<TrainingHistory.Series>> metrics = new LinkedHashMap<>();
            history.series()
                    .forEach(series -> metrics.computeIfAbsent(series.metric(), key -> new ArrayList<>())
                            .add(series));
            html.open("div", "class", "grid");
            metrics.forEach((metric, series) -> plot(html, history, metric, series));
            html.close();
        }
        return Optional.of(new Section("training", "Learning curves", html));
    }

    private static String style(String part) {
        return switch (part) {
            case "train" -> "m5";
            case "validation" -> "m0";
            default -> "m1";
        };
    }

    private static void plot(Markup html, TrainingHistory history, String metric, List<TrainingHistory.Series> series) {
        List<Curve.Point> all =
                series.stream().flatMap(each -> each.points().stream()).toList();
        if (all.isEmpty()) {
            return;
        }
        double epochs = all.stream().mapToDouble(Curve.Point::x).max().orElse(1);
        double least = all.stream().mapToDouble(Curve.Point::y).min().orElse(0);
        double greatest = all.stream().mapToDouble(Curve.Point::y).max().orElse(1);
        LinePlot plot = LinePlot.flat(
                new Axis("epoch", 0, Math.max(epochs, 1)), Axis.around(MetricNames.printed(metric), least, greatest));
        StringBuilder last = new StringBuilder();
        for (TrainingHistory.Series each : series) {
            plot.line(style(each.part()), each.part(), each.points());
            if (!each.points().isEmpty()) {
                last.append(", ")
                        .append(each.part())
                        .append(" ends at ")
                        .append(Numbers.decimal(
                                each.points().get(each.points().size() - 1).y()));
            }
            for (Curve.Point point : each.points()) {
                if (each.part().equals("validation") && point.x() == history.best()) {
                    plot.mark("best epoch", point.x(), point.y());
                }
            }
        }
        Blocks.figure(
                html,
                MetricNames.printed(metric) + ", " + history.model(),
                plot,
                MetricNames.printed(metric) + " per epoch of " + history.model() + last + ".");
    }
}
