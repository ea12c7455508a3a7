package io.patella.statistics.agreement;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Readings of images (rows) by readers (columns). */
public final class ReadingMatrix {
    /** Stands for a missing reading. */
    public static final int NOT_READ = -1;

    private final List<String> readers;
    private final List<String> images;
    private final int[][] grades;

    /**
     * @param readers names, in the order of the columns, at least two
     * @param images ids, in the order of the rows
     * @param grades {@code [images][readers]}, {@link #NOT_READ} where a reader did not read
     */
    public ReadingMatrix(List<String> readers, List<String> images, int[][] grades) {
        if (readers.size() < 2) {
            throw new InputException("readings", "fewer than two readers", readers, "agreement needs two");
        }
        if (grades.length != images.size()) {
            throw new IllegalArgumentException("one row per image: " + grades.length + " for " + images.size());
        }
        this.readers = List.copyOf(readers);
        this.images = List.copyOf(images);
        this.grades = new int[grades.length][];
        for (int i = 0; i < grades.length; i++) {
            this.grades[i] = grades[i].clone();
            for (int grade : grades[i]) {
                if (grade != NOT_READ) {
                    Grade.checked(grade, "reading of " + images.get(i));
                }
            }
        }
    }

    /** Names, in the order of the columns. */
    public List<String> readers() {
        return readers;
    }

    /** Ids, in the order of the rows. */
    public List<String> images() {
        return images;
    }

    /** {@code [images][readers]}, {@link #NOT_READ} where a reader did not read. */
    int[][] grades() {
        return grades;
    }

    /** From long form: reader to (image to grade). Readers and images come sorted. */
    public static ReadingMatrix of(Map<String, Map<String, Integer>> gradesByReader) {
        List<String> readers = new ArrayList<>(new TreeMap<>(gradesByReader).keySet());
        TreeSet<String> images = new TreeSet<>();
        gradesByReader.values().forEach(grades -> images.addAll(grades.keySet()));
        List<String> rows = new ArrayList<>(images);
        int[][] grades = new int[rows.size()][readers.size()];
        for (int i = 0; i < rows.size(); i++) {
            for (int r = 0; r < readers.size(); r++) {
                Map<String, Integer> byImage = gradesByReader.getOrDefault(readers.get(r), Map.of());
                grades[i][r] = byImage.getOrDefault(rows.get(i), NOT_READ);
            }
        }
        return new ReadingMatrix(readers, rows, grades);
    }

    /** Whether every reader read every image. */
    public boolean isComplete() {
        for (int[] row : grades) {
            for (int grade : row) {
                if (grade == NOT_READ) {
                    return false;
                }
            }
        }
        return true;
    }
}
