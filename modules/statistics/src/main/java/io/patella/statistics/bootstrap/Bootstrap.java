package io.patella.statistics.bootstrap;

import io.patella.cohort.InputException;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * A bootstrap of patients: patients are drawn with replacement, all their images kept (paper, section 2.8). Replicate r of
 * seed s is the same whoever computes it; {@code threads} only says how many work at once.
 *
 * @param resamples number of replicates B, from 1
 * @param seed seed of all streams
 * @param method how intervals follow from replicates
 * @param threads how many threads compute, from 1
 * @param strata within what patients are drawn; for who makes the {@link Patients}
 */
public record Bootstrap(int resamples, long seed, IntervalMethod method, int threads, Strata strata)
        implements Serializable {
    /** Coverage of the intervals. */
    public static final double LEVEL = 0.95;

    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    /** Resamples computed together: what lies in memory at once, and what a thread takes at a time. */
    private static final int CHUNK = 32;

    public Bootstrap {
        if (resamples < 1) {
            throw new InputException("--resamples", "less than one", resamples, "the papers use 2000");
        }
        if (threads < 1) {
            throw new InputException("--threads", "less than one", threads, "leave it out to use every core");
        }
    }

    /** The papers' bootstrap: B = 2000, percentile intervals, seed 42, one thread. */
    public static Bootstrap standard() {
        return new Bootstrap(2000, 42, IntervalMethod.PERCENTILE, 1, Strata.NONE);
    }

    public Bootstrap withResamples(int other) {
        return new Bootstrap(other, seed, method, threads, strata);
    }

    public Bootstrap withSeed(long other) {
        return new Bootstrap(resamples, other, method, threads, strata);
    }

    public Bootstrap withMethod(IntervalMethod other) {
        return new Bootstrap(resamples, seed, other, threads, strata);
    }

    public Bootstrap withThreads(int other) {
        return new Bootstrap(resamples, seed, method, other, strata);
    }

    public Bootstrap withStrata(Strata other) {
        return new Bootstrap(resamples, seed, method, threads, other);
    }

    /**
     * Replicates {@code from} (inclusive) to {@code to} (exclusive), on the calling thread: {@code [to - from][figures]}, NaN
     * where undefined. Any range can be computed anywhere.
     */
    public double[][] replicates(Patients patients, CountStatistic statistic, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(r -> statistic.of(patients.resampleCounts(new ReplicateStream(seed, r))))
                .toArray(double[][]::new);
    }

    /** As {@link #replicates(Patients, CountStatistic, int, int)}, on the same resamples. */
    public double[][] weightedReplicates(Patients patients, WeightStatistic statistic, int from, int to) {
        double[][] all = new double[to - from][];
        for (int start = from; start < to; start += CHUNK) {
            double[][] found = statistic.of(IntStream.range(start, Math.min(to, start + CHUNK))
                    .mapToObj(r -> patients.resampleWeights(new ReplicateStream(seed, r)))
                    .toArray(int[][]::new));
            System.arraycopy(found, 0, all, start - from, found.length);
        }
        return all;
    }

    /** All replicates on {@link #threads} threads: {@code [resamples][figures]}. */
    public double[][] replicates(Patients patients, CountStatistic statistic) {
        return onThreads((from, to) -> replicates(patients, statistic, from, to));
    }

    /** All replicates on {@link #threads} threads: {@code [resamples][figures]}. */
    public double[][] weightedReplicates(Patients patients, WeightStatistic statistic) {
        return onThreads((from, to) -> weightedReplicates(patients, statistic, from, to));
    }

    /** One interval per figure of {@code statistic}. */
    public List<Interval> intervals(Patients patients, CountStatistic statistic) {
        return intervals(patients, statistic, replicates(patients, statistic));
    }

    /** One interval per figure from replicates computed elsewhere, {@code [resamples][figures]} in order of replicate. */
    public List<Interval> intervals(Patients patients, CountStatistic statistic, double[][] replicates) {
        double[] estimates = statistic.of(patients.counts());
        List<double[]> leftOut = new ArrayList<>();
        if (method == IntervalMethod.BCA) {
            patients.countsWithoutOne().forEach(cells -> leftOut.add(statistic.of(cells)));
        }
        return intervals(estimates, replicates, leftOut, patients.carriers());
    }

    /**
     * One percentile interval per figure from replicates alone; for figures that join resamples of several tables, which leave
     * no patient to leave out.
     */
    public List<Interval> percentileIntervals(double[] estimates, double[][] replicates) {
        return withMethod(IntervalMethod.PERCENTILE).intervals(estimates, replicates, List.of(), new int[0]);
    }

    /** One interval per figure of {@code statistic}. */
    public List<Interval> weightedIntervals(Patients patients, WeightStatistic statistic) {
        return weightedIntervals(patients, statistic, weightedReplicates(patients, statistic));
    }

    /** One interval per figure from replicates computed elsewhere, {@code [resamples][figures]} in order of replicate. */
    public List<Interval> weightedIntervals(Patients patients, WeightStatistic statistic, double[][] replicates) {
        int[] once = new int[patients.count()];
        Arrays.fill(once, 1);
        List<double[]> leftOut = new ArrayList<>();
        for (int from = 0; from < once.length && method == IntervalMethod.BCA; from += CHUNK) {
            int[][] without = new int[Math.min(CHUNK, once.length - from)][];
            for (int i = 0; i < without.length; i++) {
                without[i] = once.clone();
                without[i][from + i] = 0;
            }
            leftOut.addAll(List.of(statistic.of(without)));
        }
        return intervals(statistic.of(new int[][] {once})[0], replicates, leftOut, once);
    }

    private List<Interval> intervals(double[] estimates, double[][] replicates, List<double[]> leftOut, int[] times) {
        List<Interval> intervals = new ArrayList<>();
        for (int f = 0; f < estimates.length; f++) {
            int figure = f;
            double[] sorted = Arrays.stream(replicates)
                    .mapToDouble(replicate -> replicate[figure])
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            double[] jackknife =
                    leftOut.stream().mapToDouble(row -> row[figure]).toArray();
            intervals.add(interval(estimates[f], sorted, replicates.length - sorted.length, jackknife, times));
        }
        return intervals;
    }

    private Interval interval(double estimate, double[] sorted, int undefined, double[] jackknife, int[] times) {
        if (!Double.isFinite(estimate)) {
            return Interval.undefined("undefined on the table itself", undefined);
        }
        Figure point = Figure.of(estimate);
        if (sorted.length == 0) {
            Figure none = Figure.undefined("undefined in every resample");
            return new Interval(point, none, none, none, none, undefined);
        }
        double tail = (1 - LEVEL) / 2;
        if (method == IntervalMethod.PERCENTILE) {
            double levelError = Math.sqrt(tail * (1 - tail) / sorted.length);
            return interval(point, sorted, undefined, tail, 1 - tail, levelError, levelError);
        }
        double below = 0;
        for (double value : sorted) {
            below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
        }
        double share = below / sorted.length;
        double acceleration = acceleration(jackknife, times);
        if (share == 0 || share == 1) {
            Figure none = Figure.undefined("BCa: every resample lies on one side of the estimate");
            return new Interval(point, none, none, none, none, undefined);
        }
        double bias = NORMAL.inverseCumulativeProbability(share);
        double lower = adjusted(tail, bias, acceleration);
        double upper = adjusted(1 - tail, bias, acceleration);
        if (!Double.isFinite(lower) || !Double.isFinite(upper)) {
            Figure none = Figure.undefined("BCa: the acceleration is too large for an interval");
            return new Interval(point, none, none, none, none, undefined);
        }
        double biasError = Math.sqrt(share * (1 - share) / sorted.length) / NORMAL.density(bias);
        return interval(
                point,
                sorted,
                undefined,
                lower,
                upper,
                bcaLevelError(lower, biasError, sorted.length),
                bcaLevelError(upper, biasError, sorted.length));
    }

    private static Interval interval(
            Figure point,
            double[] sorted,
            int undefined,
            double lower,
            double upper,
            double lowerError,
            double upperError) {
        return new Interval(
                point,
                Figure.of(Quantiles.linear(sorted, lower)),
                Figure.of(Quantiles.linear(sorted, upper)),
                Figure.of(Quantiles.error(sorted, lower, lowerError)),
                Figure.of(Quantiles.error(sorted, upper, upperError)),
                undefined);
    }

    /** Phi(z0 + (z0 + z) / (1 - a (z0 + z))); NaN where the denominator is not positive. */
    private static double adjusted(double level, double bias, double acceleration) {
        double shifted = bias + NORMAL.inverseCumulativeProbability(level);
        double denominator = 1 - acceleration * shifted;
        return denominator > 0 ? NORMAL.cumulativeProbability(bias + shifted / denominator) : Double.NaN;
    }

    /** The level moves by its own sampling and, twice, by the bias correction's. */
    private static double bcaLevelError(double level, double biasError, int resamples) {
        double inside = Math.min(1 - 1e-12, Math.max(1e-12, level));
        double slope = 2 * NORMAL.density(NORMAL.inverseCumulativeProbability(inside)) * biasError;
        return Math.sqrt(inside * (1 - inside) / resamples + slope * slope);
    }

    /** Sum of cubes / (6 sum of squares^1.5) of the jackknife's deviations; 0 where they are all 0. */
    static double acceleration(double[] jackknife, int[] times) {
        double count = 0;
        double sum = 0;
        for (int i = 0; i < jackknife.length; i++) {
            if (Double.isFinite(jackknife[i])) {
                count += times[i];
                sum += times[i] * jackknife[i];
            }
        }
        double mean = sum / count;
        double squares = 0;
        double cubes = 0;
        for (int i = 0; i < jackknife.length; i++) {
            if (Double.isFinite(jackknife[i])) {
                double deviation = mean - jackknife[i];
                squares += times[i] * deviation * deviation;
                cubes += times[i] * deviation * deviation * deviation;
            }
        }
        return squares > 0 ? cubes / (6 * squares * Math.sqrt(squares)) : 0;
    }

    /** Replicates of a range. */
    private interface Range {
        double[][] of(int from, int to);
    }

    private double[][] onThreads(Range replicates) {
        if (threads == 1) {
            return replicates.of(0, resamples);
        }
        double[][] all = new double[resamples][];
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            pool.submit(() -> IntStream.range(0, (resamples + CHUNK - 1) / CHUNK)
                            .map(chunk -> chunk * CHUNK)
                            .parallel()
                            .forEach(from -> {
                                double[][] found = replicates.of(from, Math.min(resamples, from + CHUNK));
                                System.arraycopy(found, 0, all, from, found.length);
                            }))
                    .join();
        } finally {
            pool.shutdown();
        }
        return all;
    }
}
