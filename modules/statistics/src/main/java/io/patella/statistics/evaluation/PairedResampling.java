package io.patella.statistics.evaluation;

import io.patella.cohort.Grade;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.CountStatistic;
import io.patella.statistics.bootstrap.IntervalMethod;
import io.patella.statistics.bootstrap.Patients;
import io.patella.statistics.bootstrap.WeightStatistic;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Two graders on the same images, resampled together: in each replicate both are judged on the same patients, and every scalar
 * figure of the first less that of the second gets its interval. Exchanging the graders changes the signs and nothing else.
 */
public final class PairedResampling {
    private static final int PAIRS = Grade.COUNT * Grade.COUNT;
    private static final int TRIPLES = PAIRS * Grade.COUNT;

    /** All counted figures of the first less those of the second, from counts of (reference, first, second). */
    private static final CountStatistic COUNTED = triples -> {
        int[] first = new int[PAIRS];
        int[] second = new int[PAIRS];
        for (int t = 0; t < TRIPLES; t++) {
            int reference = t / PAIRS;
            first[Confusion.cell(reference, t / Grade.COUNT % Grade.COUNT)] += triples[t];
            second[Confusion.cell(reference, t % Grade.COUNT)] += triples[t];
        }
        return less(CountedFigures.ALL.of(first), CountedFigures.ALL.of(second));
    };

    private final Predictions first;
    private final Predictions second;
    private final Bootstrap bootstrap;
    private final boolean turned;
    private final Patients patients;

    private PairedResampling(Predictions first, Predictions second, Bootstrap bootstrap) {
        this.first = first;
        this.second = second;
        this.bootstrap = bootstrap;
        int[] grades = first.grades();
        int[] a = first.predicted();
        int[] b = second.predicted();
        // Patients stand in the order of their triples, so the resamples would depend on who is called first
        turned = Arrays.compare(a, b) > 0;
        int[] left = turned ? b : a;
        int[] right = turned ? a : b;
        int[] triples = new int[grades.length];
        for (int i = 0; i < grades.length; i++) {
            triples[i] = (grades[i] * Grade.COUNT + left[i]) * Grade.COUNT + right[i];
        }
        patients = Resampling.patients(first.patientIndex(), triples, TRIPLES, grades, bootstrap);
    }

    /** Of two tables that hold the same images of the same patients with the same reference grades. */
    public static PairedResampling of(Predictions first, Predictions second, Bootstrap bootstrap) {
        return new PairedResampling(first, second, bootstrap);
    }

    /** The patients as each replicate draws them, for both graders. */
    Patients patients() {
        return patients;
    }

    /** Whether two walks along the images per resample are few enough for figures of probabilities. */
    public boolean isAffordable() {
        long jackknife = bootstrap.method() == IntervalMethod.BCA ? patients.count() : 0;
        return 2L * first.images() * Math.max(bootstrap.resamples(), jackknife) <= Resampling.MOST_STEPS;
    }

    /**
     * First minus second in every figure that both have: the four metrics first, then the other figures of counts, then those
     * of probabilities where {@link #isAffordable}. A difference is undefined when either figure is, and says why.
     */
    public Map<FigureName, Interval> differences() {
        List<FigureName> counted = Stream.concat(
                        Arrays.stream(Metric.values()).map(FigureName::of), CountedFigures.FURTHER.stream())
                .toList();
        Map<FigureName, Interval> differences = new LinkedHashMap<>();
        put(counted, bootstrap.intervals(patients, COUNTED), differences);
        if (first.hasKlGe2() && second.hasKlGe2() && isAffordable()) {
            ProbabilityFigures ofLeft = ProbabilityFigures.of(turned ? second : first);
            ProbabilityFigures ofRight = ProbabilityFigures.of(turned ? first : second);
            List<FigureName> common = new ArrayList<>(ofLeft.names());
            common.retainAll(ofRight.names());
            int[] left = positions(common, ofLeft);
            int[] right = positions(common, ofRight);
            WeightStatistic difference = timesDrawn -> {
                double[][] lefts = ofLeft.of(timesDrawn);
                double[][] rights = ofRight.of(timesDrawn);
                return IntStream.range(0, timesDrawn.length)
                        .mapToObj(r -> less(at(left, lefts[r]), at(right, rights[r])))
                        .toArray(double[][]::new);
            };
            put(common, bootstrap.weightedIntervals(patients, difference), differences);
        }
        if (differences.values().stream()
                .anyMatch(difference -> !difference.estimate().isDefined())) {
            Map<FigureName, Figure> ofFirst = TableFigures.of(first);
            Map<FigureName, Figure> ofSecond = TableFigures.of(second);
            differences.replaceAll((name, difference) -> difference.estimate().isDefined()
                    ? difference
                    : Interval.undefined(reason(name, ofFirst, ofSecond), difference.undefinedResamples()));
        }
        return differences;
    }

    private void put(List<FigureName> names, List<Interval> intervals, Map<FigureName, Interval> to) {
        for (int i = 0; i < names.size(); i++) {
            to.put(names.get(i), turned ? intervals.get(i).negated() : intervals.get(i));
        }
    }

    private static String reason(FigureName name, Map<FigureName, Figure> ofFirst, Map<FigureName, Figure> ofSecond) {
        Figure none = Figure.undefined("undefined on the table itself");
        String first = ofFirst.getOrDefault(name, none).reason();
        String second = ofSecond.getOrDefault(name, none).reason();
        return first != null
                ? name.title() + " of a is undefined: " + first
                : name.title() + " of b is undefined: " + second;
    }

    private static int[] positions(List<FigureName> names, ProbabilityFigures figures) {
        return names.stream().mapToInt(figures.names()::indexOf).toArray();
    }

    private static double[] at(int[] positions, double[] figures) {
        return Arrays.stream(positions).mapToDouble(i -> figures[i]).toArray();
    }

    private static double[] less(double[] first, double[] second) {
        for (int i = 0; i < first.length; i++) {
            first[i] -= second[i];
        }
        return first;
    }
}
