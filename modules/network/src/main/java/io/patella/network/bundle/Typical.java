package io.patella.network.bundle;

import io.patella.cohort.InputException;
import io.patella.network.preparation.CounterRandom;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.SafetensorsWriter;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Where the pictures that a grader learned from lie among its joined vectors, and how far from them a picture is no longer one of their
 * kind: out of distribution.
 *
 * <p>The rule: a picture is out of distribution when its joined vector is farther from the train part than {@link #QUANTILE} of the
 * validation part in one of two ways.
 *
 * <ul>
 *   <li>Direction: one minus the cosine to the nearest grade's mean direction. What excites no feature of knees (noise, blanks, other
 *       parts of the body) points elsewhere, however short its vector.
 *   <li>Place: the Mahalanobis distance to the nearest grade's centre, each dimension standardised, with one covariance for all grades
 *       (Lee et al. 2018), which has {@link #AXES} principal axes and one variance for all directions beside them (Tipping and Bishop
 *       1999). What looks like a knee and is none (a drawing, an implant) excites features in proportions that knees do not have.
 * </ul>
 *
 * <p>Nothing is learned for it and no other pictures are needed.
 *
 * @param directions [K,F] row by row, unit vectors; one for each grade that the train part has
 * @param mean [F], of the train part
 * @param spread [F], standard deviations of the train part, at least a tenth of their median
 * @param centres [K,F] row by row, standardised
 * @param axes [A,F] row by row, orthonormal
 * @param variances [A], along the axes
 * @param rest variance in any direction beside the axes
 * @param directionLimit the largest typical distance of direction
 * @param placeLimit the largest typical distance of place
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of numbers, not shared
public record Typical(
        float[] directions,
        float[] mean,
        float[] spread,
        float[] centres,
        float[] axes,
        float[] variances,
        double rest,
        double directionLimit,
        double placeLimit) {
    /** Principal axes of the covariance, at most. */
    public static final int AXES = 96;

    /** Share of the validation part that lies within each limit. */
    public static final double QUANTILE = 0.995;

    private static final int ROUNDS = 8;
    private static final double SMALLEST_SHARE = 0.1;

    /** Length of the joined vectors. */
    public int features() {
        return mean.length;
    }

    /**
     * Distance of a picture over its limit, the larger of the two.
     *
     * @param joined the grader's joined vector, [F]
     * @return 1 at a limit, more beyond it; infinite when the vector is not finite
     */
    public double atypicality(float[] joined) {
        if (joined.length != mean.length) {
            throw new IllegalArgumentException(joined.length + " features, expected " + mean.length);
        }
        double worst = Math.max(direction(joined) / directionLimit, place(joined) / placeLimit);
        return Double.isNaN(worst) ? Double.POSITIVE_INFINITY : worst;
    }

    /** One minus the cosine to the nearest grade's direction, 0..2; 1 for a vector without a direction. */
    private double direction(float[] joined) {
        int f = mean.length;
        double length = Math.sqrt(dot(joined, 0, joined, 0, f));
        if (length == 0) {
            return 1;
        }
        double best = -1;
        for (int c = 0; c < directions.length; c += f) {
            double cosine = dot(directions, c, joined, 0, f) / length;
            if (Double.isNaN(cosine)) {
                return Double.NaN;
            }
            best = Math.max(best, cosine);
        }
        return 1 - best;
    }

    /** Mahalanobis distance to the nearest grade's centre, over the square root of F. */
    private double place(float[] joined) {
        int f = mean.length;
        double nearest = Double.POSITIVE_INFINITY;
        float[] away = new float[f];
        for (int c = 0; c < centres.length; c += f) {
            double whole = 0;
            for (int i = 0; i < f; i++) {
                away[i] = (joined[i] - mean[i]) / spread[i] - centres[c + i];
                whole += (double) away[i] * away[i];
            }
            double within = 0;
            double along = 0;
            for (int a = 0; a < variances.length; a++) {
                double projection = dot(axes, a * f, away, 0, f);
                within += projection * projection / variances[a];
                along += projection * projection;
            }
            double square = within + Math.max(0, whole - along) / rest;
            if (Double.isNaN(square)) {
                return Double.NaN;
            }
            nearest = Math.min(nearest, square);
        }
        return Math.sqrt(nearest / f);
    }

    /**
     * Measures directions, centres and covariance on the train part and the limits on the validation part.
     *
     * @param train joined vectors [n][F]
     * @param grades of {@code train}
     * @param validation joined vectors of pictures that the grader has not learned from
     * @throws IllegalArgumentException when there are fewer than two train pictures or no validation picture
     */
    public static Typical of(List<float[]> train, int[] grades, List<float[]> validation) {
        if (train.size() < 2 || train.size() != grades.length || validation.isEmpty()) {
            throw new IllegalArgumentException(train.size() + " train vectors, " + grades.length + " grades, "
                    + validation.size() + " validation vectors");
        }
        int n = train.size();
        int f = train.get(0).length;
        float[] mean = new float[f];
        float[] spread = new float[f];
        moments(train, mean, spread);
        float[][] standard = train.stream()
                .map(each -> {
                    float[] x = new float[f];
                    for (int i = 0; i < f; i++) {
                        x[i] = (each[i] - mean[i]) / spread[i];
                    }
                    return x;
                })
                .toArray(float[][]::new);
        List<Integer> present =
                List.copyOf(new TreeSet<>(Arrays.stream(grades).boxed().toList()));
        float[] directions = new float[present.size() * f];
        float[] centres = new float[present.size() * f];
        for (int c = 0; c < present.size(); c++) {
            double[] sum = new double[f];
            double[] units = new double[f];
            int count = 0;
            for (int j = 0; j < n; j++) {
                if (grades[j] == present.get(c)) {
                    count++;
                    float[] vector = train.get(j);
                    double length = Math.max(Math.sqrt(dot(vector, 0, vector, 0, f)), Float.MIN_NORMAL);
                    for (int i = 0; i < f; i++) {
                        sum[i] += standard[j][i];
                        units[i] += vector[i] / length;
                    }
                }
            }
            double length = Math.max(
                    Math.sqrt(Arrays.stream(units).map(each -> each * each).sum()), Float.MIN_NORMAL);
            for (int i = 0; i < f; i++) {
                centres[c * f + i] = (float) (sum[i] / count);
                directions[c * f + i] = (float) (units[i] / length);
            }
        }
        for (int j = 0; j < n; j++) {
            int c = present.indexOf(grades[j]) * f;
            for (int i = 0; i < f; i++) {
                standard[j][i] -= centres[c + i];
            }
        }
        int count = Math.min(AXES, Math.min(f, n) / 4);
        float[] axes = axes(standard, count);
        float[] variances = new float[count];
        double rest = rest(standard, axes, variances);
        Typical unlimited = new Typical(directions, mean, spread, centres, axes, variances, rest, 1, 1);
        return new Typical(
                directions,
                mean,
                spread,
                centres,
                axes,
                variances,
                rest,
                quantile(validation, unlimited::direction),
                quantile(validation, unlimited::place));
    }

    private static double quantile(List<float[]> vectors, ToDoubleFunction<float[]> distance) {
        double[] sorted = vectors.stream().mapToDouble(distance).sorted().toArray();
        return Math.max(sorted[(int) Math.ceil(QUANTILE * sorted.length) - 1], 1e-6);
    }

    private static void moments(List<float[]> vectors, float[] mean, float[] spread) {
        int f = mean.length;
        double[] sum = new double[f];
        double[] squares = new double[f];
        vectors.forEach(each -> {
            for (int i = 0; i < f; i++) {
                sum[i] += each[i];
            }
        });
        vectors.forEach(each -> {
            for (int i = 0; i < f; i++) {
                double away = each[i] - sum[i] / vectors.size();
                squares[i] += away * away;
            }
        });
        for (int i = 0; i < f; i++) {
            mean[i] = (float) (sum[i] / vectors.size());
            spread[i] = (float) Math.sqrt(squares[i] / vectors.size());
        }
        float[] sorted = spread.clone();
        Arrays.sort(sorted);
        // a feature that hardly ever moves says nothing by a small move
        float least = (float) Math.max(SMALLEST_SHARE * sorted[f / 2], 1e-6);
        for (int i = 0; i < f; i++) {
            spread[i] = Math.max(spread[i], least);
        }
    }

    /** The first principal axes of centred rows, by subspace iteration. */
    private static float[] axes(float[][] rows, int count) {
        int f = rows[0].length;
        CounterRandom random = new CounterRandom(count, f);
        float[] axes = new float[count * f];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = (float) (random.uniform() - 0.5);
        }
        orthonormalise(axes, count);
        for (int round = 0; round < ROUNDS; round++) {
            float[] before = axes;
            float[] projections = new float[count * rows.length]; // [A,n]
            IntStream.range(0, rows.length).parallel().forEach(j -> {
                for (int a = 0; a < count; a++) {
                    projections[a * rows.length + j] = (float) dot(before, a * f, rows[j], 0, f);
                }
            });
            float[] after = new float[count * f];
            IntStream.range(0, count).parallel().forEach(a -> {
                for (int j = 0; j < rows.length; j++) {
                    float weight = projections[a * rows.length + j];
                    for (int i = 0; i < f; i++) {
                        after[a * f + i] += weight * rows[j][i];
                    }
                }
            });
            orthonormalise(after, count);
            axes = after;
        }
        return axes;
    }

    /** Gram and Schmidt, twice, since once leaves rounding behind. */
    private static void orthonormalise(float[] axes, int count) {
        int f = count == 0 ? 0 : axes.length / count;
        for (int a = 0; a < count; a++) {
            for (int twice = 0; twice < 2; twice++) {
                for (int b = 0; b < a; b++) {
                    double along = dot(axes, a * f, axes, b * f, f);
                    for (int i = 0; i < f; i++) {
                        axes[a * f + i] -= (float) (along * axes[b * f + i]);
                    }
                }
            }
            double length = Math.sqrt(dot(axes, a * f, axes, a * f, f));
            for (int i = 0; i < f; i++) {
                axes[a * f + i] = length > 0 ? (float) (axes[a * f + i] / length) : 0;
            }
        }
    }

    /** Fills the variances along the axes and gives the mean variance of the directions beside them. */
    private static double rest(float[][] rows, float[] axes, float[] variances) {
        int f = rows[0].length;
        double whole = 0;
        for (float[] row : rows) {
            whole += dot(row, 0, row, 0, f) / rows.length;
        }
        double along = 0;
        for (int a = 0; a < variances.length; a++) {
            double sum = 0;
            for (float[] row : rows) {
                double projection = dot(axes, a * f, row, 0, f);
                sum += projection * projection / rows.length;
            }
            variances[a] = (float) sum;
            along += sum;
        }
        double rest = Math.max((whole - along) / Math.max(1, f - variances.length), 1e-6);
        for (int a = 0; a < variances.length; a++) {
            variances[a] = (float) Math.max(variances[a], rest);
        }
        return rest;
    }

    private static double dot(float[] a, int fromA, float[] b, int fromB, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) a[fromA + i] * b[fromB + i];
        }
        return sum;
    }

    /** Writes it as safetensors. */
    void write(Path file) throws IOException {
        int f = mean.length;
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("directions", Tensor.of(directions, directions.length / f, f));
        tensors.put("mean", Tensor.of(mean, f));
        tensors.put("spread", Tensor.of(spread, f));
        tensors.put("centres", Tensor.of(centres, centres.length / f, f));
        tensors.put("axes", Tensor.of(axes, variances.length, f));
        tensors.put("variances", Tensor.of(variances, variances.length));
        tensors.put("rest", Tensor.of(new float[] {(float) rest}));
        tensors.put("limits", Tensor.of(new float[] {(float) directionLimit, (float) placeLimit}, 2));
        SafetensorsWriter.write(file, tensors);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InputException when a tensor is missing or of another shape
     */
    static Typical read(Path file, String where) {
        try {
            Map<String, Tensor> tensors = SafetensorsReader.read(file);
            float[] variances = floats(tensors, "variances", where);
            float[] centres = floats(tensors, "centres", where);
            float[] limits = floats(tensors, "limits", where);
            expect("limits", limits.length, 2, where);
            Typical read = new Typical(
                    floats(tensors, "directions", where),
                    floats(tensors, "mean", where),
                    floats(tensors, "spread", where),
                    centres,
                    floats(tensors, "axes", where),
                    variances,
                    positive("rest", floats(tensors, "rest", where)[0], where),
                    positive("limits", limits[0], where),
                    positive("limits", limits[1], where));
            int features = read.features();
            expect("directions", read.directions.length, centres.length, where);
            expect("spread", read.spread.length, features, where);
            expect("axes", read.axes.length, variances.length * features, where);
            expect("centres", centres.length % Math.max(1, features), 0, where);
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void expect(String tensor, int found, int expected, String where) {
        if (found != expected) {
            throw new InputException(
                    where,
                    "tensor " + tensor + " does not fit the others",
                    found + " numbers",
                    "expected " + expected + "; take the bundle from its source again");
        }
    }

    private static float positive(String tensor, float value, String where) {
        if (!(value > 0)) {
            throw new InputException(where, "tensor " + tensor + " must be above 0", value, "measure it again");
        }
        return value;
    }

    private static float[] floats(Map<String, Tensor> tensors, String name, String where) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new InputException(where, "lacks a tensor", name, "take the bundle from its source again");
        }
        return tensor.toFloats();
    }
}
