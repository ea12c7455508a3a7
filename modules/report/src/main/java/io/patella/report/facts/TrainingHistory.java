package io.patella.report.facts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a training went.
 *
 * @param model the model's name
 * @param stopped why it ended, e.g. "no better validation QWK for 12 epochs"; null when that was not written down
 * @param best the epoch whose weights were kept
 * @param series one per metric and part
 */
public record TrainingHistory(String model, @Nullable String stopped, int best, List<Series> series) {
    public TrainingHistory {
        series = List.copyOf(series);
    }

    /**
     * One learning curve.
     *
     * @param metric loss, accuracy, qwk ...
     * @param part train or validation
     * @param points x = epoch from 1, y = value
     */
    public record Series(String metric, String part, List<Curve.Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }
}
