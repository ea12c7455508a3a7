package io.patella.statistics.prevalence;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.CountStatistic;
import io.patella.statistics.bootstrap.Patients;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Prevalence of each grade among images that only a grader has seen. A grader's errors shift the shares of its predicted
 * grades; with P(predicted | reference) from validation the shift is undone by maximum likelihood over the simplex, which
 * equals the classical inversion (Rogan and Gladen 1978) wherever that gives shares in 0..1, and never leaves 0..1.
 *
 * <p>Assumes that the grader errs on the target as it did on validation, grade by grade. A grade without a validation image
 * has no known error: it is taken as graded right, and the result says so.
 *
 * @param observed shares of the predicted grades, five
 * @param corrected shares of the reference grades, five, each with an interval that covers the sampling of both tables
 * @param klGe2 corrected share of KL >= 2, with interval
 * @param notes what a reader must know
 */
public record CorrectedPrevalence(List<Double> observed, List<Interval> corrected, Interval klGe2, List<String> notes) {
    private static final int STEPS = 5000;
    private static final double IDLE = 1e-12;

    public CorrectedPrevalence {
        observed = List.copyOf(observed);
        corrected = List.copyOf(corrected);
        notes = List.copyOf(notes);
    }

    /**
     * Corrects the predicted grades of a target.
     *
     * @param validation patients of the validation table, cells = reference x 5 + predicted (25)
     * @param target patients of the target table, cells = predicted (5)
     * @param bootstrap resamples both tables, patient by patient, independently
     */
    public static CorrectedPrevalence of(Patients validation, Patients target, Bootstrap bootstrap) {
        CountStatistic counts = cells -> Arrays.stream(cells).asDoubleStream().toArray();
        double[][] confusions = bootstrap.replicates(validation, counts);
        // another stream for the other table, or patient i of both would be drawn together
        double[][] predictions = bootstrap.withSeed(~bootstrap.seed()).replicates(target, counts);
        double[][] replicates = IntStream.range(0, bootstrap.resamples())
                .mapToObj(r -> withKlGe2(corrected(whole(predictions[r]), whole(confusions[r]))))
                .toArray(double[][]::new);
        int[] confusion = validation.counts();
        int[] predicted = target.counts();
        List<Interval> intervals =
                bootstrap.percentileIntervals(withKlGe2(corrected(predicted, confusion)), replicates);
        double images = Arrays.stream(predicted).sum();
        return new CorrectedPrevalence(
                Arrays.stream(predicted).mapToObj(count -> count / images).toList(),
                intervals.subList(0, Grade.COUNT),
                intervals.get(Grade.COUNT),
                notes(confusion));
    }

    /**
     * The maximum-likelihood shares of the five reference grades.
     *
     * @param predicted how many target images were predicted each grade, five counts, not all 0
     * @param confusion 25 validation counts, row = reference grade
     */
    public static double[] corrected(int[] predicted, int[] confusion) {
        long images = Arrays.stream(predicted).asLongStream().sum();
        if (predicted.length != Grade.COUNT || images <= 0) {
            throw new InputException(
                    "predicted",
                    "not five counts with a sum above 0",
                    Arrays.toString(predicted),
                    "count the images per predicted grade");
        }
        if (confusion.length != Grade.COUNT * Grade.COUNT) {
            throw new InputException(
                    "confusion", "not 25 counts", confusion.length, "give them row by row, row = reference grade");
        }
        double[][] error = errorMatrix(confusion);
        double[] inverted = inverted(predicted, error, images);
        if (Arrays.stream(inverted).allMatch(share -> share >= 0)) {
            return inverted;
        }
        double[] shares = new double[Grade.COUNT];
        Arrays.fill(shares, 1.0 / Grade.COUNT);
        for (int step = 0; step < STEPS; step++) {
            double[] next = expectationMaximisation(shares, predicted, error);
            double moved = 0;
            for (int i = 0; i < Grade.COUNT; i++) {
                moved = Math.max(moved, Math.abs(next[i] - shares[i]));
            }
            shares = next;
            if (moved < IDLE) {
                break;
            }
        }
        return shares;
    }

    /** P(predicted j | reference i); the identity for a grade that validation does not have. */
    private static double[][] errorMatrix(int[] confusion) {
        double[][] error = new double[Grade.COUNT][Grade.COUNT];
        for (int i = 0; i < Grade.COUNT; i++) {
            double row = 0;
            for (int j = 0; j < Grade.COUNT; j++) {
                row += confusion[i * Grade.COUNT + j];
            }
            for (int j = 0; j < Grade.COUNT; j++) {
                error[i][j] = row == 0 ? (i == j ? 1 : 0) : confusion[i * Grade.COUNT + j] / row;
            }
        }
        return error;
    }

    /** Solves shares x error = observed; NaN where the errors of two grades cannot be told apart. */
    private static double[] inverted(int[] predicted, double[][] error, long images) {
        RealMatrix transposed = new Array2DRowRealMatrix(error).transpose();
        double[] observed = Arrays.stream(predicted)
                .mapToDouble(count -> (double) count / images)
                .toArray();
        DecompositionSolver solver = new LUDecomposition(transposed).getSolver();
        double[] none = new double[Grade.COUNT];
        Arrays.fill(none, Double.NaN);
        return solver.isNonSingular()
                ? solver.solve(new ArrayRealVector(observed)).toArray()
                : none;
    }

    private static double[] withKlGe2(double[] shares) {
        double[] six = Arrays.copyOf(shares, Grade.COUNT + 1);
        for (int k = Grade.OSTEOARTHRITIS; k < Grade.COUNT; k++) {
            six[Grade.COUNT] += shares[k];
        }
        return six;
    }

    /** One step: each predicted image is shared among the reference grades in proportion to share x error. */
    private static double[] expectationMaximisation(double[] shares, int[] predicted, double[][] error) {
        double[] next = new double[Grade.COUNT];
        double explained = 0;
        for (int j = 0; j < Grade.COUNT; j++) {
            double total = 0;
            for (int i = 0; i < Grade.COUNT; i++) {
                total += shares[i] * error[i][j];
            }
            if (predicted[j] == 0 || total == 0) {
                continue; // a predicted grade that validation never showed tells nothing
            }
            explained += predicted[j];
            for (int i = 0; i < Grade.COUNT; i++) {
                next[i] += predicted[j] * shares[i] * error[i][j] / total;
            }
        }
        if (explained == 0) {
            return shares;
        }
        for (int i = 0; i < Grade.COUNT; i++) {
            next[i] /= explained;
        }
        return next;
    }

    private static List<String> notes(int[] confusion) {
        return IntStream.range(0, Grade.COUNT)
                .filter(i -> IntStream.range(0, Grade.COUNT)
                                .map(j -> confusion[i * Grade.COUNT + j])
                                .sum()
                        == 0)
                .mapToObj(i -> "grade " + i + ": no validation image, taken as graded right")
                .toList();
    }

    private static int[] whole(double[] counts) {
        return Arrays.stream(counts).mapToInt(count -> (int) count).toArray();
    }
}
