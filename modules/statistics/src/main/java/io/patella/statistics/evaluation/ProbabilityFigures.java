package io.patella.statistics.evaluation;

import io.patella.cohort.Grade;
import io.patella.statistics.bootstrap.WeightStatistic;
import io.patella.statistics.calibration.WeightedCalibration;
import io.patella.statistics.curves.WeightedRanking;
import io.patella.statistics.metrics.ImageWeights;
import io.patella.statistics.metrics.Predictions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Every scalar figure that needs probabilities, of a table in which each patient counts so many times. Scores are sorted once;
 * some replicates at a time are then one walk along each order. Counts are whole numbers up to the last division, so with every patient once
 * the areas are those of {@link io.patella.statistics.curves.Discrimination} to the last bit.
 */
final class ProbabilityFigures implements WeightStatistic, Serializable {
    private final List<FigureName> names;
    private final int[] patient;
    private final List<WeightedRanking> perGrade;
    private final List<WeightedRanking> micro;
    private final List<WeightedRanking> klGe2;
    private final List<WeightedCalibration> calibration;

    private ProbabilityFigures(
            List<FigureName> names,
            int[] patient,
            List<WeightedRanking> perGrade,
            List<WeightedRanking> micro,
            List<WeightedRanking> klGe2,
            List<WeightedCalibration> calibration) {
        this.names = names;
        this.patient = patient;
        this.perGrade = perGrade;
        this.micro = micro;
        this.klGe2 = klGe2;
        this.calibration = calibration;
    }

    /** Of a table; without probabilities there are none. */
    static ProbabilityFigures of(Predictions predictions) {
        int[] grades = predictions.grades();
        int[] patient = predictions.patientIndex();
        List<FigureName> names = new ArrayList<>();
        List<WeightedRanking> perGrade = new ArrayList<>();
        List<WeightedRanking> micro = new ArrayList<>();
        List<WeightedRanking> klGe2 = new ArrayList<>();
        List<WeightedCalibration> calibration = new ArrayList<>();
        if (predictions.hasDistribution()) {
            double[][] p = predictions.distributions();
            double[] all = new double[grades.length * Grade.COUNT];
            boolean[] positiveOfAll = new boolean[all.length];
            int[] imageOfAll = new int[all.length];
            for (int k = 0; k < Grade.COUNT; k++) {
                double[] scores = new double[grades.length];
                boolean[] positive = new boolean[grades.length];
                for (int i = 0; i < grades.length; i++) {
                    scores[i] = p[i][k];
                    positive[i] = grades[i] == k;
                    all[i * Grade.COUNT + k] = scores[i];
                    positiveOfAll[i * Grade.COUNT + k] = positive[i];
                    imageOfAll[i * Grade.COUNT + k] = i;
                }
                perGrade.add(WeightedRanking.of(scores, positive));
                names.add(new FigureName("roc_auc", k));
                names.add(new FigureName("average_precision", k));
            }
            micro.add(WeightedRanking.of(all, positiveOfAll, imageOfAll));
            calibration.add(WeightedCalibration.of(p, grades));
            for (String metric : List.of(
                    "roc_auc_macro",
                    "average_precision_macro",
                    "roc_auc_micro",
                    "average_precision_micro",
                    "brier",
                    "ece_15",
                    "log_loss",
                    "rps")) {
                names.add(FigureName.of(metric));
            }
        }
        if (predictions.hasKlGe2()) {
            boolean[] positive = new boolean[grades.length];
            for (int i = 0; i < grades.length; i++) {
                positive[i] = grades[i] >= Grade.OSTEOARTHRITIS;
            }
            klGe2.add(WeightedRanking.of(predictions.klGe2(), positive));
            names.add(FigureName.of("kl_ge_2_roc_auc"));
            names.add(FigureName.of("kl_ge_2_average_precision"));
        }
        return new ProbabilityFigures(List.copyOf(names), patient, perGrade, micro, klGe2, calibration);
    }

    /** What {@link #of(int[][])} gives, in order. */
    List<FigureName> names() {
        return names;
    }

    @Override
    public double[][] of(int[][] timesDrawn) {
        double[][] figures = new double[timesDrawn.length][];
        for (int from = 0; from < figures.length; from += ImageWeights.LANES) {
            int to = Math.min(figures.length, from + ImageWeights.LANES);
            double[][] found = of(ImageWeights.of(patient, Arrays.copyOfRange(timesDrawn, from, to)));
            System.arraycopy(found, 0, figures, from, found.length);
        }
        return figures;
    }

    private double[][] of(ImageWeights weights) {
        List<double[][]> ofGrades =
                perGrade.stream().map(ranking -> ranking.areas(weights)).toList();
        List<double[][]> ofAll = new ArrayList<>();
        micro.forEach(ranking -> ofAll.add(ranking.areas(weights)));
        calibration.forEach(each -> ofAll.add(each.scores(weights)));
        klGe2.forEach(ranking -> ofAll.add(ranking.areas(weights)));
        double[][] figures = new double[weights.resamples()][];
        for (int r = 0; r < figures.length; r++) {
            int resample = r;
            DoubleStream.Builder row = DoubleStream.builder();
            ofGrades.forEach(areas -> Arrays.stream(areas[resample]).forEach(row));
            if (!ofGrades.isEmpty()) {
                row.add(meanOfDefined(ofGrades, resample, 0)).add(meanOfDefined(ofGrades, resample, 1));
            }
            ofAll.forEach(each -> Arrays.stream(each[resample]).forEach(row));
            figures[r] = row.build().toArray();
        }
        return figures;
    }

    private static double meanOfDefined(List<double[][]> ofGrades, int resample, int area) {
        double sum = 0;
        int defined = 0;
        for (double[][] areas : ofGrades) {
            if (!Double.isNaN(areas[resample][area])) {
                sum += areas[resample][area];
                defined++;
            }
        }
        return defined == 0 ? Double.NaN : sum / defined;
    }
}
