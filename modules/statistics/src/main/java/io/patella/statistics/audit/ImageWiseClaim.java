package io.patella.statistics.audit;

import io.patella.cohort.InputException;
import io.patella.statistics.Figure;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import java.util.ArrayList;
import java.util.List;

/**
 * What a split by image would have claimed: the same grader trained and tested once on a split by patient and once on a split
 * by image of the same cohort, side by side. Each is judged on its own test part; the difference is what leakage promises.
 *
 * @param rows one for each metric
 */
public record ImageWiseClaim(List<Row> rows) {
    /**
     * One metric.
     *
     * @param metric the metric's word
     * @param byPatient on the test part of the split by patient
     * @param byImage on the test part of the split by image
     * @param optimism by image minus by patient; undefined where one of them is
     */
    public record Row(String metric, Figure byPatient, Figure byImage, Figure optimism) {}

    /**
     * Compares.
     *
     * @param byPatient reference against predicted grades on the test part of the split by patient
     * @param byImage the same on that of the split by image
     * @throws InputException when one of them holds no picture
     */
    public static ImageWiseClaim of(Confusion byPatient, Confusion byImage) {
        if (byPatient.images() == 0 || byImage.images() == 0) {
            throw new InputException(
                    "image-wise claim", "a test part without pictures", 0, "grade both test parts first");
        }
        List<Row> rows = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            Figure honest = byPatient.figure(metric);
            Figure claimed = byImage.figure(metric);
            Double one = honest.value();
            Double other = claimed.value();
            rows.add(new Row(
                    metric.word(),
                    honest,
                    claimed,
                    one == null || other == null
                            ? Figure.undefined(metric.word() + " is undefined under one of the splits")
                            : Figure.of(other - one)));
        }
        return new ImageWiseClaim(List.copyOf(rows));
    }
}
