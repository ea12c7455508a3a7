package io.patella.statistics.audit;

import io.patella.cohort.Grade;
import io.patella.cohort.Part;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.Patient;
import io.patella.cohort.split.PatientSplit;
import io.patella.cohort.split.PlacedImage;
import io.patella.cohort.split.Ratios;
import io.patella.statistics.metrics.Confusion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The plainest grader there is, to measure what a split by image lets through: a picture gets the median grade of the
 * {@value #NEIGHBOURS} training pictures that resemble it most, each counting by its inverse squared distance. It has nothing to learn but resemblance, so what it gains when
 * a patient's other knee may stand in its training part is leakage and nothing else. Neighbours are found once, then any
 * number of splits is graded at no cost.
 *
 * <p>What it gains is no bound on what a trained network would: one that recognises patients better gains more.
 */
public final class NeighbourProbe {
    /** Pictures that vote. */
    public static final int NEIGHBOURS = 5;

    /** The nearest of all pictures, of which those in the training part vote; 48 hold five of a part with 70 %. */
    private static final int REMEMBERED = 48;

    /** No squared distance counts as smaller. */
    private static final double SAME_PICTURE = 1e-6;

    private final List<GradedImage> images;
    private final List<Neighbours> nearest;

    private NeighbourProbe(List<GradedImage> images, List<Neighbours> nearest) {
        this.images = images;
        this.nearest = nearest;
    }

    /** Other pictures by likeness (correlation, -1..1), the likest first. */
    @SuppressWarnings("ArrayRecordComponent") // read only, never compared
    private record Neighbours(int[] index, float[] likeness) {}

    /**
     * A picture as the probe sees it.
     *
     * @param image the picture
     * @param thumbnail its pixels averaged down, the same number for every picture; brightness and contrast do not matter
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record Thumbnailed(GradedImage image, float[] thumbnail) {}

    /** Finds the neighbours of every picture; the order of {@code pictures} does not matter. */
    public static NeighbourProbe over(List<Thumbnailed> pictures) {
        List<Thumbnailed> sorted = pictures.stream()
                .sorted((one, other) ->
                        one.image().imageId().compareTo(other.image().imageId()))
                .toList();
        float[][] pixels =
                sorted.stream().map(each -> standardised(each.thumbnail())).toArray(float[][]::new);
        List<Neighbours> nearest = IntStream.range(0, pixels.length)
                .parallel()
                .mapToObj(i -> nearest(pixels, i))
                .toList();
        return new NeighbourProbe(sorted.stream().map(Thumbnailed::image).toList(), nearest);
    }

    private static float[] standardised(float[] thumbnail) {
        double mean = 0;
        for (float each : thumbnail) {
            mean += each / thumbnail.length;
        }
        double squares = 0;
        for (float each : thumbnail) {
            squares += (each - mean) * (each - mean);
        }
        double norm = squares == 0 ? 1 : Math.sqrt(squares);
        float[] standardised = new float[thumbnail.length];
        for (int i = 0; i < thumbnail.length; i++) {
            standardised[i] = (float) ((thumbnail[i] - mean) / norm);
        }
        return standardised;
    }

    /** The pictures with the largest correlation, the likest first, of equals the first by name. */
    private static Neighbours nearest(float[][] pixels, int of) {
        int most = Math.min(REMEMBERED, pixels.length - 1);
        int[] index = new int[most];
        float[] likeness = new float[most];
        int held = 0;
        for (int j = 0; j < pixels.length; j++) {
            float alike = j == of ? Float.NEGATIVE_INFINITY : product(pixels[of], pixels[j]);
            if (j == of || (held == most && alike <= likeness[most - 1])) {
                continue;
            }
            int at = held == most ? most - 1 : held++;
            while (at > 0 && likeness[at - 1] < alike) {
                likeness[at] = likeness[at - 1];
                index[at] = index[at - 1];
                at--;
            }
            likeness[at] = alike;
            index[at] = j;
        }
        return new Neighbours(index, likeness);
    }

    /** Four sums side by side, which the processor adds at once. */
    private static float product(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** Pictures that the probe knows. */
    public int images() {
        return images.size();
    }

    /** Grades the test part with the training part of a split; pictures in neither are left aside. */
    public Confusion graded(List<PlacedImage> split) {
        Map<String, Part> parts = new HashMap<>();
        split.forEach(each -> parts.put(each.image().imageId(), each.part()));
        Part[] part = images.stream().map(each -> parts.get(each.imageId())).toArray(Part[]::new);
        List<Integer> reference = new ArrayList<>();
        List<Integer> predicted = new ArrayList<>();
        for (int i = 0; i < part.length; i++) {
            int grade = part[i] == Part.TEST ? vote(nearest.get(i), part) : -1;
            if (grade >= 0) {
                reference.add(images.get(i).grade());
                predicted.add(grade);
            }
        }
        return Confusion.of(
                reference.stream().mapToInt(Integer::intValue).toArray(),
                predicted.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The weighted median of the nearest in the training part; -1 when none is near. */
    private int vote(Neighbours near, Part[] part) {
        double[] weight = new double[Grade.COUNT];
        double all = 0;
        int voted = 0;
        for (int n = 0; n < near.index.length && voted < NEIGHBOURS; n++) {
            if (part[near.index[n]] == Part.TRAIN) {
                // the squared distance of standardised pictures is 2 - 2 r
                double one = 1 / Math.max(SAME_PICTURE, 2 - 2 * near.likeness[n]);
                weight[images.get(near.index[n]).grade()] += one;
                all += one;
                voted++;
            }
        }
        double below = 0;
        for (int k = 0; k < Grade.COUNT && voted > 0; k++) {
            below += weight[k];
            if (2 * below >= all) {
                return k;
            }
        }
        return -1;
    }

    /**
     * Grades under {@code repeats} pairs of splits, by patient and by image, both by our own rule (stratified, sizes exact)
     * with seeds 1, 2, ...
     *
     * @throws io.patella.cohort.InputException when the pictures are too few for a test part
     */
    public ImageWiseClaim claim(Ratios ratios, int repeats) {
        List<Patient> patients = Patient.from(images);
        // each picture a patient of its own, also where the same pixels are filed twice: a split by image does not look
        List<Patient> alone = images.stream()
                .map(each -> new Patient(
                        each.imageId(), List.of(new GradedImage(each.imageId(), each.imageId(), each.grade(), null))))
                .toList();
        List<Confusion> byPatient = new ArrayList<>();
        List<Confusion> byImage = new ArrayList<>();
        for (int seed = 1; seed <= repeats; seed++) {
            PatientSplit split = PatientSplit.seeded(seed).ratios(ratios);
            byPatient.add(graded(split.assign(patients).place(patients)));
            byImage.add(graded(split.assign(alone).place(alone)));
        }
        return ImageWiseClaim.of(byPatient, byImage);
    }
}
