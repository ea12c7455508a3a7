package io.patella.report.facts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A curve as points.
 *
 * @param name what it belongs to: {@code KL 0} ... {@code KL 4}, {@code macro}, {@code micro}, {@code KL>=2}, or a model
 * @param points in drawing order
 * @param area area under it where that means something (ROC AUC, average precision); null otherwise
 */
public record Curve(
        String name, List<Point> points, @Nullable Double area) {
    public Curve {
        points = List.copyOf(points);
    }

    /** One point, both finite. */
    public record Point(double x, double y) {
        public Point {
            if (!Double.isFinite(x) || !Double.isFinite(y)) {
                throw new IllegalArgumentException("a point must be finite: " + x + ", " + y);
            }
        }
    }
}
