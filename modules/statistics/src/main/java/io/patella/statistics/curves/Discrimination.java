package io.patella.statistics.curves;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;
import io.patella.statistics.metrics.Predictions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well probabilities tell grades apart (paper, section 2.8).
 *
 * @param rocAuc area under the one-vs-rest ROC curves
 * @param averagePrecision of the one-vs-rest precision-recall curves
 * @param klGe2RocAuc area under the ROC curve of KL >= 2
 * @param klGe2AveragePrecision average precision of KL >= 2
 * @param operatingPoints of KL >= 2: Youden's, sensitivity 0.90 and 0.95, where defined
 * @param curves ROC and precision-recall of each grade, macro (ROC), micro and KL >= 2, and the decision curve of KL >= 2 with
 *     its treat-all line; curves that are undefined are left out
 */
public record Discrimination(
        Averaged rocAuc,
        Averaged averagePrecision,
        Figure klGe2RocAuc,
        Figure klGe2AveragePrecision,
        List<OperatingPoint> operatingPoints,
        List<Curve> curves)
        implements Serializable {
    private static final int MACRO_POINTS = 201;

    public Discrimination {
        operatingPoints = List.copyOf(operatingPoints);
        curves = List.copyOf(curves);
    }

    /** From a table of predictions; without probabilities everything is undefined. */
    public static Discrimination of(Predictions predictions) {
        List<Curve> curves = new ArrayList<>();
        Averaged rocAuc = Averaged.undefined("no probabilities p0..p4");
        Averaged averagePrecision = rocAuc;
        int[] grades = predictions.grades();
        if (predictions.hasDistribution()) {
            double[][] p = predictions.distributions();
            List<Ranking> perGrade = IntStream.range(0, Grade.COUNT)
                    .mapToObj(k ->
                            rank(Arrays.stream(p).mapToDouble(row -> row[k]).toArray(), grades, k, k))
                    .toList();
            Ranking micro = micro(p, grades);
            rocAuc = Averaged.of(perGrade.stream().map(Ranking::rocAuc).toList(), micro.rocAuc());
            averagePrecision =
                    Averaged.of(perGrade.stream().map(Ranking::averagePrecision).toList(), micro.averagePrecision());
            for (int k = 0; k < Grade.COUNT; k++) {
                curves.add(perGrade.get(k).roc(Integer.toString(k)));
                curves.add(perGrade.get(k).precisionRecall(Integer.toString(k)));
            }
            curves.add(macroRoc(curves));
            curves.add(micro.roc("micro"));
            curves.add(micro.precisionRecall("micro"));
        }
        if (!predictions.hasKlGe2()) {
            Figure none = Figure.undefined("no probability of KL >= 2");
            return new Discrimination(rocAuc, averagePrecision, none, none, List.of(), List.of());
        }
        Ranking klGe2 = rank(predictions.klGe2(), grades, Grade.OSTEOARTHRITIS, Grade.COUNT - 1);
        curves.add(klGe2.roc("kl_ge_2"));
        curves.add(klGe2.precisionRecall("kl_ge_2"));
        curves.add(klGe2.netBenefit("kl_ge_2"));
        double[] everyone = new double[grades.length];
        Arrays.fill(everyone, 1);
        curves.add(rank(everyone, grades, Grade.OSTEOARTHRITIS, Grade.COUNT - 1).netBenefit("treat_all"));
        List<OperatingPoint> points = new ArrayList<>();
        klGe2.youden().ifPresent(points::add);
        klGe2.atSensitivity(0.90).ifPresent(points::add);
        klGe2.atSensitivity(0.95).ifPresent(points::add);
        return new Discrimination(
                rocAuc,
                averagePrecision,
                klGe2.rocAuc(),
                klGe2.averagePrecision(),
                points,
                curves.stream().filter(curve -> !curve.points().isEmpty()).toList());
    }

    /** Positive are the grades {@code from..to}. */
    private static Ranking rank(double[] scores, int[] grades, int from, int to) {
        boolean[] positive = new boolean[grades.length];
        for (int i = 0; i < grades.length; i++) {
            positive[i] = grades[i] >= from && grades[i] <= to;
        }
        return Ranking.of(scores, positive);
    }

    private static Ranking micro(double[][] p, int[] grades) {
        double[] scores = new double[grades.length * Grade.COUNT];
        boolean[] positive = new boolean[scores.length];
        for (int i = 0; i < grades.length; i++) {
            for (int k = 0; k < Grade.COUNT; k++) {
                scores[i * Grade.COUNT + k] = p[i][k];
                positive[i * Grade.COUNT + k] = grades[i] == k;
            }
        }
        return Ranking.of(scores, positive);
    }

    /** Vertical average of the per-grade ROC curves on an even grid of false positive rates. */
    private static Curve macroRoc(List<Curve> curves) {
        List<Curve> perGrade = curves.stream()
                .filter(curve ->
                        curve.kind() == Curve.Kind.ROC && !curve.points().isEmpty())
                .toList();
        List<CurvePoint> points = new ArrayList<>();
        for (int i = 0; i < MACRO_POINTS && !perGrade.isEmpty(); i++) {
            double x = i / (MACRO_POINTS - 1.0);
            double sum = 0;
            for (Curve curve : perGrade) {
                sum += interpolate(curve.points(), x);
            }
            points.add(new CurvePoint(Double.NaN, x, sum / perGrade.size()));
        }
        return new Curve(Curve.Kind.ROC, "macro", points);
    }

    /** The height of a rising curve at {@code x}: the top of a vertical piece, else linear. */
    private static double interpolate(List<CurvePoint> points, double x) {
        int low = 0;
        int high = points.size() - 1;
        while (low < high) { // last point with abscissa <= x
            int middle = (low + high + 1) >>> 1;
            if (points.get(middle).x() <= x) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        CurvePoint left = points.get(low);
        if (low == points.size() - 1 || left.x() == x) {
            return left.y();
        }
        CurvePoint right = points.get(low + 1);
        return left.y() + (right.y() - left.y()) * (x - left.x()) / (right.x() - left.x());
    }
}
