package io.patella.statistics.bootstrap;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The patients of a table as the bootstrap sees them. A patient is the multiset of his or her images' cells (a cell is a pair
 * of grades, or a triple when two graders are compared); patients with equal multisets share one pattern. Drawing a patient
 * is then one increment, and the counts of a resample follow from the patterns once.
 *
 * <p>Patients stand in the order of stratum, pattern, index. So the resamples of seed and replicate are a function of the set
 * of patients: neither row order nor partitioning nor, for figures of counts, the patients' names matter.
 */
public final class Patients implements Serializable {
    private final int cellCount;
    private final int[][] patterns;
    /** For each position of the canonical order its pattern. */
    private final int[] patternAt;
    /** For each position of the canonical order the patient's index in the table. */
    private final int[] patientAt;
    /** First position of each stratum, and the number of patients at the end. */
    private final int[] stratumStart;

    private Patients(int cellCount, int[][] patterns, int[] patternAt, int[] patientAt, int[] stratumStart) {
        this.cellCount = cellCount;
        this.patterns = patterns;
        this.patternAt = patternAt;
        this.patientAt = patientAt;
        this.stratumStart = stratumStart;
    }

    /**
     * Groups images by patient; resamples are drawn over all patients.
     *
     * @param patient for each image the index of its patient, 0 ... P - 1, every patient with at least one image
     * @param cell for each image its cell, 0 ... cellCount - 1
     */
    public static Patients of(int[] patient, int[] cell, int cellCount) {
        return stratified(patient, cell, cellCount, new int[count(patient)]);
    }

    /** As {@link #of}, with resamples drawn within strata: {@code stratum[p]} is the stratum of patient {@code p}. */
    public static Patients stratified(int[] patient, int[] cell, int cellCount, int[] stratum) {
        int[][] cells = cellsByPatient(patient, cell);
        Integer[] order = IntStream.range(0, cells.length).boxed().toArray(Integer[]::new);
        Arrays.sort(
                order,
                Comparator.<Integer>comparingInt(p -> stratum[p])
                        .thenComparing(p -> cells[p], Arrays::compare)
                        .thenComparing(Comparator.naturalOrder()));
        List<int[]> patterns = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        int[] patternAt = new int[order.length];
        int[] patientAt = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            int p = order[i];
            boolean first = i == 0 || stratum[order[i - 1]] != stratum[p];
            if (first) {
                starts.add(i);
            }
            if (first || !Arrays.equals(cells[order[i - 1]], cells[p])) {
                patterns.add(cells[p]);
            }
            patternAt[i] = patterns.size() - 1;
            patientAt[i] = p;
        }
        starts.add(order.length);
        return new Patients(
                cellCount,
                patterns.toArray(int[][]::new),
                patternAt,
                patientAt,
                starts.stream().mapToInt(Integer::intValue).toArray());
    }

    private static int count(int[] patient) {
        return Arrays.stream(patient).max().orElse(-1) + 1;
    }

    private static int[][] cellsByPatient(int[] patient, int[] cell) {
        int[] images = new int[count(patient)];
        for (int p : patient) {
            images[p]++;
        }
        int[][] cells = new int[images.length][];
        for (int p = 0; p < images.length; p++) {
            if (images[p] == 0) {
                throw new IllegalArgumentException("patient without image: " + p);
            }
            cells[p] = new int[images[p]];
        }
        for (int i = 0; i < patient.length; i++) {
            cells[patient[i]][--images[patient[i]]] = cell[i];
        }
        for (int[] each : cells) {
            Arrays.sort(each);
        }
        return cells;
    }

    /** Number of patients. */
    public int count() {
        return patternAt.length;
    }

    /** The counts of the table itself. */
    public int[] counts() {
        return expand(carriers());
    }

    /** The counts of one resample. */
    int[] resampleCounts(ReplicateStream random) {
        int[] drawn = new int[patterns.length];
        for (int s = 0; s + 1 < stratumStart.length; s++) {
            int start = stratumStart[s];
            int size = stratumStart[s + 1] - start;
            for (int i = 0; i < size; i++) {
                drawn[patternAt[start + random.below(size)]]++;
            }
        }
        return expand(drawn);
    }

    /** How often each patient (index of the table) stands in one resample: the same resample as {@link #resampleCounts}. */
    int[] resampleWeights(ReplicateStream random) {
        int[] drawn = new int[patientAt.length];
        for (int s = 0; s + 1 < stratumStart.length; s++) {
            int start = stratumStart[s];
            int size = stratumStart[s + 1] - start;
            for (int i = 0; i < size; i++) {
                drawn[patientAt[start + random.below(size)]]++;
            }
        }
        return drawn;
    }

    /** How many patients carry each pattern. */
    int[] carriers() {
        int[] carriers = new int[patterns.length];
        for (int pattern : patternAt) {
            carriers[pattern]++;
        }
        return carriers;
    }

    /** For each pattern, the counts of the table without one patient of that pattern. */
    List<int[]> countsWithoutOne() {
        int[] all = counts();
        List<int[]> left = new ArrayList<>();
        for (int[] pattern : patterns) {
            int[] without = all.clone();
            for (int cell : pattern) {
                without[cell]--;
            }
            left.add(without);
        }
        return left;
    }

    private int[] expand(int[] drawn) {
        int[] cells = new int[cellCount];
        for (int k = 0; k < drawn.length; k++) {
            for (int cell : patterns[k]) {
                cells[cell] += drawn[k];
            }
        }
        return cells;
    }
}
