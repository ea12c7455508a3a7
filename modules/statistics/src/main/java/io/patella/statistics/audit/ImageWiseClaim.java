package io.patella.statistics.audit;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.statistics.Figure;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import java.util.ArrayList;
import java.util.List;

/**
 * What a split by image would have claimed: the same grader trained and tested on splits by patient and on splits by image of
 * the same cohort, side by side. Each is judged on its own test part; the difference is what leakage promises.
 *
 * @param rows one for each metric
 */
public record ImageWiseClaim(List<Row> rows) {
    /**
     * One metric.
     *
     * @param metric the metric's word
     * @param byPatient on the test parts of the splits by patient, all together
     * @param byImage on the test parts of the splits by image, all together
     * @param optimism by image minus by patient; undefined where one of them is
     * @param lowest the smallest difference of one pair of splits
     * @param highest the largest difference of one pair of splits
     */
    public record Row(
            String metric, Figure byPatient, Figure byImage, Figure optimism, Figure lowest, Figure highest) {}

    public ImageWiseClaim {
        rows = List.copyOf(rows);
    }

    /**
     * Compares one pair of splits.
     *
     * @param byPatient reference against predicted grades on the test part of the split by patient
     * @param byImage the same on that of the split by image
     * @throws InputException when one of them holds no picture
     */
    public static ImageWiseClaim of(Confusion byPatient, Confusion byImage) {
        return of(List.of(byPatient), List.of(byImage));
    }

    /**
     * Compares pairs of splits, one pair for each seed.
     *
     * @param byPatient reference against predicted grades on the test parts of the splits by patient, at least one
     * @param byImage the same on those of the splits by image, as many
     * @throws InputException when one of them holds no picture
     */
    public static ImageWiseClaim of(List<Confusion> byPatient, List<Confusion> byImage) {
        if (byPatient.isEmpty() || byPatient.size() != byImage.size()) {
            throw new IllegalArgumentException("not pairs of splits: " + byPatient.size() + " and " + byImage.size());
        }
        if (anyEmpty(byPatient) || anyEmpty(byImage)) {
            throw new InputException(
                    "image-wise claim", "a test part without pictures", 0, "grade both test parts first");
        }
        List<Row> rows = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            Figure honest = sum(byPatient).figure(metric);
            Figure claimed = sum(byImage).figure(metric);
            List<Double> differences = new ArrayList<>();
            for (int i = 0; i < byPatient.size(); i++) {
                Figure difference = difference(
                        metric, byPatient.get(i).figure(metric), byImage.get(i).figure(metric));
                if (difference.value() != null) {
                    differences.add(difference.value());
                }
            }
            Figure none = Figure.undefined(metric.word() + " is undefined under one of the splits");
            rows.add(new Row(
                    metric.word(),
                    honest,
                    claimed,
                    difference(metric, honest, claimed),
                    differences.stream().min(Double::compare).map(Figure::of).orElse(none),
                    differences.stream().max(Double::compare).map(Figure::of).orElse(none)));
        }
        return new ImageWiseClaim(rows);
    }

    private static boolean anyEmpty(List<Confusion> confusions) {
        return confusions.stream().anyMatch(each -> each.images() == 0);
    }

    private static Figure difference(Metric metric, Figure byPatient, Figure byImage) {
        return byPatient.isDefined() && byImage.isDefined()
                ? Figure.of(byImage.orElse(0) - byPatient.orElse(0))
                : Figure.undefined(metric.word() + " is undefined under one of the splits");
    }

    private static Confusion sum(List<Confusion> confusions) {
        int[] sum = new int[Grade.COUNT * Grade.COUNT];
        for (Confusion each : confusions) {
            int[] cells = each.cells();
            for (int c = 0; c < sum.length; c++) {
                sum[c] += cells[c];
            }
        }
        return Confusion.ofCells(sum);
    }
}
