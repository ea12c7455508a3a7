package io.patella.statistics.metrics;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The 5 x 5 counts of reference grade (rows) against predicted grade (columns), and every figure that follows from them.
 * Kappas are computed in whole numbers and divided once, so they are the correctly rounded exact value.
 */
public final class Confusion implements Serializable {
    private static final int CELLS = Grade.COUNT * Grade.COUNT;

    private final int[] cells;

    private Confusion(int[] cells) {
        this.cells = cells;
    }

    /** Counts pairs of grades; {@code reference[i]} and {@code predicted[i]} lie in 0..4. */
    public static Confusion of(int[] reference, int[] predicted) {
        int[] cells = new int[CELLS];
        for (int i = 0; i < reference.length; i++) {
            cells[cell(reference[i], predicted[i])]++;
        }
        return new Confusion(cells);
    }

    /** From 25 counts, row-major. */
    public static Confusion ofCells(int[] cells) {
        if (cells.length != CELLS || Arrays.stream(cells).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("not 25 counts: " + Arrays.toString(cells));
        }
        return new Confusion(cells.clone());
    }

    /** Index of a pair of grades among the 25 cells. */
    public static int cell(int reference, int predicted) {
        return reference * Grade.COUNT + predicted;
    }

    /** Images of reference grade {@code reference} that were predicted {@code predicted}. */
    public int count(int reference, int predicted) {
        return cells[cell(reference, predicted)];
    }

    /** All counts, one row per reference grade. */
    public int[][] rows() {
        int[][] rows = new int[Grade.COUNT][];
        for (int i = 0; i < Grade.COUNT; i++) {
            rows[i] = Arrays.copyOfRange(cells, i * Grade.COUNT, (i + 1) * Grade.COUNT);
        }
        return rows;
    }

    /** The 25 counts, row-major; a copy. */
    public int[] cells() {
        return cells.clone();
    }

    /** Number of images. */
    public int images() {
        return Math.toIntExact(total(cells));
    }

    /** One of the four metrics, with the reason where it is undefined. */
    public Figure figure(Metric metric) {
        return Figure.finiteOr(metric.ofCounts(cells), undefinedReason(metric));
    }

    /** Why {@code metric} has no value where it has none. */
    public String undefinedReason(Metric metric) {
        if (images() == 0) {
            return "no image";
        }
        return metric == Metric.QWK
                ? "expected disagreement is 0: reference and prediction are one and the same grade"
                : "";
    }

    /** Kappa with the given weighting; undefined when the expected disagreement is 0. */
    public Figure kappa(Weighting weighting) {
        return Figure.finiteOr(
                kappa(cells, weighting),
                "expected disagreement is 0: both sides are one and the same grade throughout");
    }

    /**
     * Large-sample standard error of kappa (Fleiss, Cohen, Everitt 1969, not under the null hypothesis).
     */
    public Figure kappaStandardError(Weighting weighting) {
        double kappa = kappa(cells, weighting);
        if (!Double.isFinite(kappa)) {
            return Figure.undefined("kappa itself is undefined");
        }
        double n = total(cells);
        double[] row = new double[Grade.COUNT];
        double[] column = new double[Grade.COUNT];
        for (int i = 0; i < Grade.COUNT; i++) {
            for (int j = 0; j < Grade.COUNT; j++) {
                row[i] += count(i, j) / n;
                column[j] += count(i, j) / n;
            }
        }
        double[] rowWeight = new double[Grade.COUNT];
        double[] columnWeight = new double[Grade.COUNT];
        double expected = 0;
        for (int i = 0; i < Grade.COUNT; i++) {
            for (int j = 0; j < Grade.COUNT; j++) {
                double weight = agreementWeight(weighting, i, j);
                rowWeight[i] += weight * column[j];
                columnWeight[j] += weight * row[i];
                expected += weight * row[i] * column[j];
            }
        }
        // the paper's "minus the square of kappa - expected (1 - kappa)" is minus the square of the terms' mean; taken
        // from each
        // term, nothing cancels
        double mean = kappa - expected * (1 - kappa);
        double sum = 0;
        for (int i = 0; i < Grade.COUNT; i++) {
            for (int j = 0; j < Grade.COUNT; j++) {
                double term = agreementWeight(weighting, i, j) - (rowWeight[i] + columnWeight[j]) * (1 - kappa);
                sum += count(i, j) / n * (term - mean) * (term - mean);
            }
        }
        return Figure.of(Math.sqrt(sum / n) / (1 - expected));
    }

    /** Precision, recall, F1 and support of each grade, in order. */
    public List<GradeScores> perGrade() {
        List<GradeScores> scores = new ArrayList<>();
        for (int k = 0; k < Grade.COUNT; k++) {
            int support = 0;
            int predicted = 0;
            for (int other = 0; other < Grade.COUNT; other++) {
                support += count(k, other);
                predicted += count(other, k);
            }
            scores.add(new GradeScores(
                    k, ratio(count(k, k), predicted), ratio(count(k, k), support), f1(cells, k), support));
        }
        return List.copyOf(scores);
    }

    /** Share of images at most one grade off. */
    public Figure adjacentAccuracy() {
        return images() == 0
                ? Figure.undefined("no image")
                : Figure.of((double) (atDistance(0) + atDistance(1)) / images());
    }

    /** Share of the errors that are one grade off; undefined without errors. */
    public Figure adjacentErrorShare() {
        int errors = images() - atDistance(0);
        return errors == 0 ? Figure.undefined("no errors") : Figure.of((double) atDistance(1) / errors);
    }

    private int atDistance(int distance) {
        int sum = 0;
        for (int i = 0; i < Grade.COUNT; i++) {
            for (int j = 0; j < Grade.COUNT; j++) {
                sum += Math.abs(i - j) == distance ? count(i, j) : 0;
            }
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Confusion that && Arrays.equals(cells, that.cells);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cells);
    }

    @Override
    public String toString() {
        return Arrays.deepToString(rows());
    }

    static long total(int[] cells) {
        long total = 0;
        for (int count : cells) {
            total += count;
        }
        return total;
    }

    static double f1(int[] cells, int grade) {
        long support = 0;
        long predicted = 0;
        for (int other = 0; other < Grade.COUNT; other++) {
            support += cells[grade * Grade.COUNT + other];
            predicted += cells[other * Grade.COUNT + grade];
        }
        return ratio(2L * cells[grade * Grade.COUNT + grade], support + predicted);
    }

    /** 1 - n O / E with O the observed and E / n the expected disagreement; NaN when E is 0. */
    static double kappa(int[] cells, Weighting weighting) {
        long[] row = new long[Grade.COUNT];
        long[] column = new long[Grade.COUNT];
        long observed = 0;
        long total = 0;
        for (int i = 0; i < Grade.COUNT; i++) {
            for (int j = 0; j < Grade.COUNT; j++) {
                int count = cells[i * Grade.COUNT + j];
                row[i] += count;
                column[j] += count;
                observed += (long) weighting.disagreement(i, j) * count;
                total += count;
            }
        }
        long expected = 0;
        for (int i = 0; i < Grade.COUNT; i++) {
            for (int j = 0; j < Grade.COUNT; j++) {
                expected += weighting.disagreement(i, j) * row[i] * column[j];
            }
        }
        return expected == 0 ? Double.NaN : (double) (expected - observed * total) / expected;
    }

    private static double agreementWeight(Weighting weighting, int i, int j) {
        return 1 - (double) weighting.disagreement(i, j) / weighting.disagreement(0, Grade.COUNT - 1);
    }

    private static double ratio(long numerator, long denominator) {
        return denominator == 0 ? 0 : (double) numerator / denominator;
    }
}
