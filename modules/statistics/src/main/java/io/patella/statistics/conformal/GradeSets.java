package io.patella.statistics.conformal;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.statistics.Figure;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Class-conditional conformal sets (Vovk 2012): a knee of grade y has y in its set with probability at least 1 - alpha, for
 * each grade by itself, when it is exchangeable with the validation knees of that grade. The score is 1 - p_y; the threshold
 * of a grade is the ceil((n_y + 1)(1 - alpha))-th smallest validation score, or infinite (the grade is always in) when
 * validation has too few images of it.
 *
 * <p>One image per patient is taken for exchangeability to hold where knees of one patient are alike; with both knees the
 * promise holds on average but less sharply.
 */
public final class GradeSets {
    /** Share of the knees of each grade that sets may miss, where nobody says otherwise. */
    public static final double ALPHA = 0.1;

    private final double alpha;
    private final double[] threshold;

    private GradeSets(double alpha, double[] threshold) {
        this.alpha = alpha;
        this.threshold = threshold;
    }

    /**
     * Calibrates on validation.
     *
     * @param alpha allowed share of misses per grade, above 0 and below 1
     * @throws InputException without probabilities or for an alpha out of range
     */
    public static GradeSets calibrate(Predictions validation, double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new InputException("alpha", "not between 0 and 1", alpha, "0.1 promises 90 % coverage");
        }
        if (!validation.hasDistribution()) {
            throw new InputException("validation", "no probabilities", "p0..p4", "conformal sets need them");
        }
        double[][] p = validation.distributions();
        int[] grades = validation.grades();
        double[] threshold = new double[Grade.COUNT];
        for (int k = 0; k < Grade.COUNT; k++) {
            int grade = k;
            double[] scores = IntStream.range(0, grades.length)
                    .filter(i -> grades[i] == grade)
                    .mapToDouble(i -> 1 - p[i][grade])
                    .sorted()
                    .toArray();
            int rank = (int) Math.ceil((scores.length + 1) * (1 - alpha));
            threshold[k] = rank > scores.length ? Double.POSITIVE_INFINITY : scores[rank - 1];
        }
        return new GradeSets(alpha, threshold);
    }

    /** Allowed share of misses. */
    public double alpha() {
        return alpha;
    }

    /** Threshold of a grade's score; undefined where validation has too few images of it, so that it is never excluded. */
    public Figure threshold(int grade) {
        return Figure.finiteOr(threshold[grade], "validation has too few images of grade " + grade);
    }

    /** The grades that cannot be excluded. */
    public GradeSet of(Distribution distribution) {
        double[] p = distribution.toArray();
        List<Integer> grades = new ArrayList<>();
        for (int k = 0; k < Grade.COUNT; k++) {
            if (1 - p[k] <= threshold[k]) {
                grades.add(k);
            }
        }
        return GradeSet.of(grades);
    }

    /** How the sets did on another table with distributions. */
    public Coverage coverage(Predictions predictions) {
        int[] images = new int[Grade.COUNT];
        int[] covered = new int[Grade.COUNT];
        int size = 0;
        int abstained = 0;
        int usedAndRight = 0;
        for (Prediction row : predictions.rows()) {
            Distribution distribution = row.distribution();
            if (distribution == null) {
                throw new InputException(
                        "predictions", "no probabilities", row.imageId(), "conformal sets need p0..p4");
            }
            GradeSet set = of(distribution);
            images[row.grade()]++;
            covered[row.grade()] += set.grades().contains(row.grade()) ? 1 : 0;
            size += set.grades().size();
            abstained += set.abstains() ? 1 : 0;
            usedAndRight += !set.abstains() && set.grades().contains(row.grade()) ? 1 : 0;
        }
        int all = predictions.images();
        List<Figure> perGrade = IntStream.range(0, Grade.COUNT)
                .mapToObj(k -> images[k] == 0
                        ? Figure.undefined("no image of grade " + k)
                        : Figure.of((double) covered[k] / images[k]))
                .toList();
        return new Coverage(
                (double) Arrays.stream(covered).sum() / all,
                perGrade,
                (double) size / all,
                (double) abstained / all,
                all == abstained
                        ? Figure.undefined("every knee abstained")
                        : Figure.of((double) usedAndRight / (all - abstained)));
    }

    /**
     * How sets did on a table.
     *
     * @param covered share of images whose reference grade is in the set
     * @param perGrade the same for each grade
     * @param meanSize mean number of grades in a set
     * @param abstained share of images that abstain
     * @param coveredWhereUsed share covered among the images that do not abstain
     */
    public record Coverage(
            double covered, List<Figure> perGrade, double meanSize, double abstained, Figure coveredWhereUsed) {}
}
