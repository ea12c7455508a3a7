package io.patella.statistics.evaluation;

import io.patella.cohort.Grade;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.IntervalMethod;
import io.patella.statistics.bootstrap.Patients;
import io.patella.statistics.bootstrap.Strata;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Predictions;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The resamples of one table, from which every scalar figure gets its interval. A replicate is a function of its number: any
 * range can be computed on any thread or machine, and the intervals are the same to the last bit.
 */
public final class Resampling implements Serializable {
    /**
     * Beyond so many images times resamples, figures of probabilities carry no interval: each resample walks along every
     * image, some four seconds of a core per 10^8. Figures of counts cost next to nothing and always do.
     */
    static final long MOST_STEPS = 1_000_000_000L;

    private final Patients patients;
    private final @Nullable ProbabilityFigures probabilities;
    private final Bootstrap bootstrap;

    private Resampling(Patients patients, @Nullable ProbabilityFigures probabilities, Bootstrap bootstrap) {
        this.patients = patients;
        this.probabilities = probabilities;
        this.bootstrap = bootstrap;
    }

    /** Of a table. */
    public static Resampling of(Predictions predictions, Bootstrap bootstrap) {
        Patients patients = patients(
                predictions.patientIndex(),
                predictions.cells(),
                Grade.COUNT * Grade.COUNT,
                predictions.grades(),
                bootstrap);
        boolean jackknife = bootstrap.method() == IntervalMethod.BCA;
        long walks = Math.max(bootstrap.resamples(), jackknife ? patients.count() : 0);
        boolean affordable = predictions.images() * walks <= MOST_STEPS;
        return new Resampling(
                patients, predictions.hasKlGe2() && affordable ? ProbabilityFigures.of(predictions) : null, bootstrap);
    }

    /**
     * Patients as {@code bootstrap} draws them.
     *
     * @param cell what is counted, one per image
     * @param grade reference grade of each image; the highest of a patient is his or her stratum
     */
    public static Patients patients(int[] patient, int[] cell, int cellCount, int[] grade, Bootstrap bootstrap) {
        if (bootstrap.strata() == Strata.NONE) {
            return Patients.of(patient, cell, cellCount);
        }
        int[] stratum = new int[Arrays.stream(patient).max().orElse(-1) + 1];
        for (int i = 0; i < patient.length; i++) {
            stratum[patient[i]] = Math.max(stratum[patient[i]], grade[i]);
        }
        return Patients.stratified(patient, cell, cellCount, stratum);
    }

    /** How the resamples are drawn. */
    public Bootstrap bootstrap() {
        return bootstrap;
    }

    /** Whether figures of probabilities are resampled too. */
    boolean hasProbabilities() {
        return probabilities != null;
    }

    /** Replicates {@code from} (inclusive) to {@code to} (exclusive), on the calling thread, for {@link Evaluation#of}. */
    public double[][] replicates(int from, int to) {
        return joined(
                bootstrap.replicates(patients, CountedFigures.ALL, from, to),
                probabilities == null ? null : bootstrap.weightedReplicates(patients, probabilities, from, to));
    }

    /** All replicates on the bootstrap's threads. */
    double[][] replicates() {
        return joined(
                bootstrap.replicates(patients, CountedFigures.ALL),
                probabilities == null ? null : bootstrap.weightedReplicates(patients, probabilities));
    }

    private static double[][] joined(double[][] counted, double @Nullable [][] weighted) {
        if (weighted == null) {
            return counted;
        }
        double[][] joined = new double[counted.length][];
        for (int r = 0; r < joined.length; r++) {
            joined[r] = Arrays.copyOf(counted[r], counted[r].length + weighted[r].length);
            System.arraycopy(weighted[r], 0, joined[r], counted[r].length, weighted[r].length);
        }
        return joined;
    }

    /** Intervals of the four metrics, in their order. */
    List<Interval> ofMetrics(double[][] replicates) {
        return counted(replicates).subList(0, Metric.values().length);
    }

    private List<Interval> counted(double[][] replicates) {
        return bootstrap.intervals(patients, CountedFigures.ALL, columns(replicates, 0, countedFigures()));
    }

    /** Intervals of every other figure. */
    Map<FigureName, Interval> ofFurther(double[][] replicates) {
        Map<FigureName, Interval> intervals = new LinkedHashMap<>();
        put(CountedFigures.FURTHER, counted(replicates).subList(Metric.values().length, countedFigures()), intervals);
        if (probabilities != null) {
            int figures = probabilities.names().size();
            put(
                    probabilities.names(),
                    bootstrap.weightedIntervals(
                            patients, probabilities, columns(replicates, countedFigures(), countedFigures() + figures)),
                    intervals);
        }
        return intervals;
    }

    private static int countedFigures() {
        return Metric.values().length + CountedFigures.FURTHER.size();
    }

    private static double[][] columns(double[][] replicates, int from, int to) {
        return Arrays.stream(replicates)
                .map(row -> Arrays.copyOfRange(row, from, to))
                .toArray(double[][]::new);
    }

    private static void put(List<FigureName> names, List<Interval> from, Map<FigureName, Interval> to) {
        IntStream.range(0, names.size()).forEach(i -> to.put(names.get(i), from.get(i)));
    }
}
