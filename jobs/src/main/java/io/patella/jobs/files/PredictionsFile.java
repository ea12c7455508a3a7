package io.patella.jobs.files;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Anybody's predictions: columns {@code image_id, patient_id, grade, predicted} and, where there, {@code p0..p4} and
 * {@code p_kl_ge_2}. Every bad value is named with file, line and column.
 */
final class PredictionsFile {
    private static final List<String> DISTRIBUTION = List.of("p0", "p1", "p2", "p3", "p4");
    private static final String KL_GE_2 = "p_kl_ge_2";

    private final FileTable table;
    private final String[] images;
    private final Predictions predictions;

    private PredictionsFile(FileTable table, String[] images, Predictions predictions) {
        this.table = table;
        this.images = images;
        this.predictions = predictions;
    }

    static PredictionsFile read(Path file) {
        FileTable table = FileTable.read(file)
                .require("image_id", "patient_id", "grade", "predicted")
                .unique("image_id");
        String[] images = table.text("image_id");
        String[] patients = table.text("patient_id");
        int[] grades = table.grade("grade");
        int[] predicted = table.grade("predicted");
        double[][] p = distributions(table);
        double[] klGe2 = table.has(KL_GE_2) ? table.number(KL_GE_2, 0, 1) : new double[0];
        List<Prediction> rows = new ArrayList<>(table.rows());
        for (int row = 0; row < table.rows(); row++) {
            rows.add(new Prediction(
                    images[row],
                    patients[row],
                    grades[row],
                    predicted[row],
                    p.length == 0 ? null : new Distribution(p[0][row], p[1][row], p[2][row], p[3][row], p[4][row]),
                    klGe2.length == 0 ? null : klGe2[row]));
        }
        return new PredictionsFile(table, images, Predictions.of(rows));
    }

    /** {@code [5][rows]}, or empty when the file has none of p0..p4. */
    private static double[][] distributions(FileTable table) {
        if (DISTRIBUTION.stream().noneMatch(table::has)) {
            return new double[0][];
        }
        double[][] p = table.numbers(DISTRIBUTION, 0, 1);
        RowProblems problems = table.problems();
        for (int row = 0; row < table.rows(); row++) {
            double sum = 0;
            for (int k = 0; k < Grade.COUNT; k++) {
                sum += p[k][row];
            }
            if (!(Math.abs(sum - 1) <= Distribution.SUM_TOLERANCE)) {
                problems.add(
                        row,
                        "p0..p4",
                        "probabilities do not sum to 1",
                        sum,
                        "they must, within " + Distribution.SUM_TOLERANCE + "; divide each by their sum");
            }
        }
        problems.refuseIfAny();
        return p;
    }

    Predictions predictions() {
        return predictions;
    }

    String name() {
        return table.name();
    }

    /** Image id to value of a column; empty cells are empty texts. */
    Map<String, String> column(String name) {
        String[] values = table.require(name).textOrEmpty(name);
        Map<String, String> byImage = new HashMap<>();
        for (int row = 0; row < images.length; row++) {
            byImage.put(images[row], values[row]);
        }
        return byImage;
    }

    /**
     * Demands that {@code other} holds the same images of the same patients with the same reference grades, whatever the order.
     *
     * @throws InputException naming in one message the rows of either file that the other lacks or contradicts
     */
    void requireSameImages(PredictionsFile other) {
        RowProblems problems = other.table.problems();
        contradictions(other, problems);
        RowProblems here = table.problems();
        Map<String, Prediction> there = other.byImage();
        for (int row = 0; row < images.length; row++) {
            if (!there.containsKey(images[row])) {
                here.add(
                        row,
                        "image_id",
                        "image is not in " + other.name(),
                        images[row],
                        "both files must hold the same images");
            }
        }
        problems.refuseIfAnyHereOrIn(here);
    }

    /**
     * Demands that {@code validation} holds nobody of this file: what is fitted on a patient is not judged on him or her.
     *
     * @throws InputException naming the rows of patients who are here too
     */
    void requireOtherPatients(PredictionsFile validation) {
        Set<String> mine = Set.copyOf(predictions.patients());
        String[] theirs = validation.table.text("patient_id");
        RowProblems problems = validation.table.problems();
        for (int row = 0; row < theirs.length; row++) {
            if (mine.contains(theirs[row])) {
                problems.add(
                        row,
                        "patient_id",
                        "patient is in " + name() + " too",
                        theirs[row],
                        "validation holds other patients than the part that is judged");
            }
        }
        problems.refuseIfAny();
    }

    private void contradictions(PredictionsFile other, RowProblems problems) {
        Map<String, Prediction> mine = byImage();
        Map<String, Prediction> theirs = other.byImage();
        for (int row = 0; row < other.images.length; row++) {
            String image = other.images[row];
            Prediction ours = mine.get(image);
            Prediction their = theirs.get(image);
            if (ours == null || their == null) {
                problems.add(
                        row, "image_id", "image is not in " + name(), image, "both files must hold the same images");
            } else if (ours.grade() != their.grade()) {
                problems.add(
                        row,
                        "grade",
                        "reference grade of " + image + " is " + ours.grade() + " in " + name(),
                        their.grade(),
                        "both files must have the same reference");
            } else if (!ours.patientId().equals(their.patientId())) {
                problems.add(
                        row,
                        "patient_id",
                        "patient of " + image + " is " + ours.patientId() + " in " + name(),
                        their.patientId(),
                        "both files must have the same patients");
            }
        }
    }

    private Map<String, Prediction> byImage() {
        Map<String, Prediction> byImage = new HashMap<>();
        predictions.rows().forEach(row -> byImage.put(row.imageId(), row));
        return byImage;
    }
}
