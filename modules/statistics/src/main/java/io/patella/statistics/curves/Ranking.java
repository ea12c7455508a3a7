package io.patella.statistics.curves;

import io.patella.statistics.Figure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Images ranked by a score against a yes/no truth: sorted once, then ROC and precision-recall in every form. Equal scores are
 * one step. Counts are whole numbers up to the last division.
 */
public final class Ranking {
    private static final String NO_POSITIVE = "no positive image";
    private static final String NO_NEGATIVE = "no negative image";

    /** Distinct scores, falling, and how many positives and negatives carry at least that score. */
    private final double[] score;

    private final long[] truePositives;
    private final long[] falsePositives;
    private final int steps;

    private Ranking(double[] score, long[] truePositives, long[] falsePositives, int steps) {
        this.score = score;
        this.truePositives = truePositives;
        this.falsePositives = falsePositives;
        this.steps = steps;
    }

    /** Ranks {@code scores[i]} (finite) with truth {@code positive[i]}. */
    public static Ranking of(double[] scores, boolean[] positive) {
        // one sort of primitives: positives and negatives apart, then merged from the top
        double[] yes = IntStream.range(0, scores.length)
                .filter(i -> positive[i])
                .mapToDouble(i -> scores[i])
                .sorted()
                .toArray();
        double[] no = IntStream.range(0, scores.length)
                .filter(i -> !positive[i])
                .mapToDouble(i -> scores[i])
                .sorted()
                .toArray();
        double[] score = new double[scores.length];
        long[] truePositives = new long[scores.length];
        long[] falsePositives = new long[scores.length];
        int steps = 0;
        int y = yes.length;
        int n = no.length;
        while (y > 0 || n > 0) {
            double highest = Math.max(
                    y > 0 ? yes[y - 1] : Double.NEGATIVE_INFINITY, n > 0 ? no[n - 1] : Double.NEGATIVE_INFINITY);
            while (y > 0 && yes[y - 1] == highest) {
                y--;
            }
            while (n > 0 && no[n - 1] == highest) {
                n--;
            }
            score[steps] = highest;
            truePositives[steps] = (long) yes.length - y;
            falsePositives[steps] = (long) no.length - n;
            steps++;
        }
        return new Ranking(score, truePositives, falsePositives, steps);
    }

    private long positives() {
        return steps == 0 ? 0 : truePositives[steps - 1];
    }

    private long negatives() {
        return steps == 0 ? 0 : falsePositives[steps - 1];
    }

    /** Area under the ROC curve, ties one half: share of the (positive, negative) pairs in the right order. */
    public Figure rocAuc() {
        if (positives() == 0 || negatives() == 0) {
            return Figure.undefined(positives() == 0 ? NO_POSITIVE : NO_NEGATIVE);
        }
        double twice = 0; // whole numbers, exact below 2^53
        for (int i = 0; i < steps; i++) {
            long before = i == 0 ? 0 : truePositives[i - 1];
            long wrong = falsePositives[i] - (i == 0 ? 0 : falsePositives[i - 1]);
            twice += (double) wrong * (before + truePositives[i]);
        }
        return Figure.of(twice / (2.0 * positives() * negatives()));
    }

    /** Average precision: sum over distinct scores of (R_n - R_(n-1)) P_n. */
    public Figure averagePrecision() {
        if (positives() == 0) {
            return Figure.undefined(NO_POSITIVE);
        }
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            long gained = truePositives[i] - (i == 0 ? 0 : truePositives[i - 1]);
            sum += gained * precision(i);
        }
        return Figure.of(sum / positives());
    }

    /** The ROC curve from (0, 0) at threshold +infinity to (1, 1), one point per distinct score; empty when undefined. */
    public Curve roc(String subject) {
        List<CurvePoint> points = new ArrayList<>();
        if (positives() > 0 && negatives() > 0) {
            points.add(new CurvePoint(Double.POSITIVE_INFINITY, 0, 0));
            for (int i = 0; i < steps; i++) {
                points.add(new CurvePoint(
                        score[i], (double) falsePositives[i] / negatives(), (double) truePositives[i] / positives()));
            }
        }
        return new Curve(Curve.Kind.ROC, subject, points);
    }

    /** Precision against recall, one point per distinct score from the highest on; empty without positives. */
    public Curve precisionRecall(String subject) {
        List<CurvePoint> points = new ArrayList<>();
        if (positives() > 0) {
            for (int i = 0; i < steps; i++) {
                points.add(new CurvePoint(score[i], (double) truePositives[i] / positives(), precision(i)));
            }
        }
        return new Curve(Curve.Kind.PRECISION_RECALL, subject, points);
    }

    /**
     * Net benefit TP/n - FP/n t/(1 - t) at thresholds t = 0.01..0.99 (Vickers and Elkin 2006); empty for an empty table.
     */
    public Curve netBenefit(String subject) {
        List<CurvePoint> points = new ArrayList<>();
        double n = positives() + negatives();
        int found = 0;
        for (int percent = 99; percent >= 1 && n > 0; percent--) {
            double threshold = percent / 100.0;
            while (found < steps && score[found] >= threshold) {
                found++;
            }
            long right = found == 0 ? 0 : truePositives[found - 1];
            long wrong = found == 0 ? 0 : falsePositives[found - 1];
            points.add(new CurvePoint(threshold, threshold, right / n - wrong / n * threshold / (1 - threshold)));
        }
        Collections.reverse(points);
        return new Curve(Curve.Kind.DECISION, subject, points);
    }

    /** The threshold with the largest sensitivity + specificity, the highest of equals; empty when the ROC is undefined. */
    public Optional<OperatingPoint> youden() {
        if (positives() == 0 || negatives() == 0) {
            return Optional.empty();
        }
        // J = TP/P - FP/N compared in whole numbers: TP N - FP P
        return IntStream.range(0, steps)
                .boxed()
                .max(Comparator.<Integer>comparingLong(
                                i -> truePositives[i] * negatives() - falsePositives[i] * positives())
                        .thenComparing(Comparator.reverseOrder()))
                .map(i -> operatingPoint("youden", i));
    }

    /** The highest threshold whose sensitivity is at least {@code sensitivity}; empty when the ROC is undefined. */
    public Optional<OperatingPoint> atSensitivity(double sensitivity) {
        if (positives() == 0 || negatives() == 0) {
            return Optional.empty();
        }
        String name = String.format(Locale.ROOT, "sensitivity_%.2f", sensitivity);
        return IntStream.range(0, steps)
                .filter(i -> (double) truePositives[i] / positives() >= sensitivity)
                .mapToObj(i -> operatingPoint(name, i))
                .findFirst();
    }

    private OperatingPoint operatingPoint(String name, int step) {
        return new OperatingPoint(
                name,
                score[step],
                (double) truePositives[step] / positives(),
                1 - (double) falsePositives[step] / negatives(),
                precision(step));
    }

    private double precision(int step) {
        return (double) truePositives[step] / (truePositives[step] + falsePositives[step]);
    }
}
