package io.patella.statistics.metrics;

import io.patella.cohort.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A table of graded images by columns, in the order of image ids. The order makes every figure, sums of doubles included, a
 * function of the set of rows: row order and partitioning do not matter.
 */
public final class Predictions {
    private final List<Prediction> rows;
    private final List<String> patients;
    private final int[] patient;
    private final int[] grade;
    private final int[] predicted;

    private Predictions(List<Prediction> sorted) {
        rows = sorted;
        patients = List.copyOf(
                new TreeSet<>(sorted.stream().map(Prediction::patientId).toList()));
        Map<String, Integer> index = new HashMap<>();
        patients.forEach(id -> index.put(id, index.size()));
        patient = new int[sorted.size()];
        grade = new int[sorted.size()];
        predicted = new int[sorted.size()];
        for (int i = 0; i < sorted.size(); i++) {
            patient[i] = index.getOrDefault(sorted.get(i).patientId(), -1);
            grade[i] = sorted.get(i).grade();
            predicted[i] = sorted.get(i).predicted();
        }
    }

    /**
     * Sorts and checks rows.
     *
     * @throws InputException for an empty table, an image that stands twice, or probabilities in some rows only
     */
    public static Predictions of(List<Prediction> rows) {
        if (rows.isEmpty()) {
            throw new InputException("predictions", "no rows", 0, "give at least one graded image");
        }
        List<Prediction> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparing(Prediction::imageId));
        for (int i = 1; i < sorted.size(); i++) {
            Prediction row = sorted.get(i);
            if (row.imageId().equals(sorted.get(i - 1).imageId())) {
                throw new InputException("predictions", "image stands twice", row.imageId(), "keep one row per image");
            }
        }
        requireAllOrNone(sorted, row -> row.distribution() != null, "p0..p4");
        requireAllOrNone(sorted, row -> row.klGe2() != null, "p_kl_ge_2");
        return new Predictions(List.copyOf(sorted));
    }

    private static void requireAllOrNone(List<Prediction> rows, Predicate<Prediction> has, String column) {
        boolean first = has.test(rows.get(0));
        for (Prediction row : rows) {
            if (has.test(row) != first) {
                Prediction without = first ? row : rows.get(0);
                throw new InputException(
                        "predictions",
                        column + " missing for some rows",
                        without.imageId(),
                        "give it for all or for none");
            }
        }
    }

    /** The rows, sorted by image id. */
    public List<Prediction> rows() {
        return rows;
    }

    /** Number of images. */
    public int images() {
        return rows.size();
    }

    /** The distinct patient ids, sorted. */
    public List<String> patients() {
        return patients;
    }

    /** For each image the index of its patient in {@link #patients}. A copy. */
    public int[] patientIndex() {
        return patient.clone();
    }

    /** Reference grades. A copy. */
    public int[] grades() {
        return grade.clone();
    }

    /** Predicted grades. A copy. */
    public int[] predicted() {
        return predicted.clone();
    }

    /** For each image its cell of the confusion matrix, 0..24. */
    public int[] cells() {
        return IntStream.range(0, images())
                .map(i -> Confusion.cell(grade[i], predicted[i]))
                .toArray();
    }

    /** The 5 x 5 counts. */
    public Confusion confusion() {
        return Confusion.of(grade, predicted);
    }

    public boolean hasDistribution() {
        return rows.get(0).distribution() != null;
    }

    public boolean hasKlGe2() {
        return hasDistribution() || rows.get(0).klGe2() != null;
    }

    /**
     * {@code [images][5]} probabilities.
     *
     * @throws IllegalStateException without distributions
     */
    public double[][] distributions() {
        double[][] all = new double[images()][];
        for (int i = 0; i < all.length; i++) {
            Distribution distribution = rows.get(i).distribution();
            if (distribution == null) {
                throw new IllegalStateException("no distributions in this table");
            }
            all[i] = distribution.toArray();
        }
        return all;
    }

    /**
     * Probabilities of KL >= 2, one per image: the grader's own where given, else (p2 + p3) + p4.
     *
     * @throws IllegalStateException with neither
     */
    public double[] klGe2() {
        double[] all = new double[images()];
        for (int i = 0; i < all.length; i++) {
            Double own = rows.get(i).klGe2();
            Distribution p = rows.get(i).distribution();
            if (own != null) {
                all[i] = own;
            } else if (p != null) {
                all[i] = p.klGe2();
            } else {
                throw new IllegalStateException("no probability of KL >= 2 in this table");
            }
        }
        return all;
    }

    /** The rows that {@code keep} accepts, which must be at least one. */
    public Predictions where(Predicate<Prediction> keep) {
        return of(rows.stream().filter(keep).toList());
    }
}
