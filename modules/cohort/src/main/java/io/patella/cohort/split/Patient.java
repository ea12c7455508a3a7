package io.patella.cohort.split;

import io.patella.cohort.InputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A patient with all pictures. A split places patients; there is no way to place a picture.
 *
 * @param patientId unique in the cohort
 * @param images all pictures of this patient, in the order of their ids; at least one
 */
public record Patient(String patientId, List<GradedImage> images) implements Serializable {
    public Patient {
        images = images.stream()
                .sorted(Comparator.comparing(GradedImage::imageId))
                .toList();
        if (images.isEmpty()) {
            throw new InputException("patient " + patientId, "no pictures", 0, "leave the patient out");
        }
        for (GradedImage image : images) {
            if (!image.patientId().equals(patientId)) {
                throw new InputException(
                        "patient " + patientId,
                        "picture of another patient",
                        image.imageId() + " of " + image.patientId(),
                        "group pictures by their own patient");
            }
        }
    }

    /** The highest grade of all pictures: what the split is stratified on. */
    public int stratum() {
        return images.stream().mapToInt(GradedImage::grade).max().orElseThrow();
    }

    /**
     * Groups pictures by patient, in the order of the patients' ids. A row given twice counts once.
     *
     * @throws InputException when a picture has two grades or two patients
     */
    public static List<Patient> from(Collection<GradedImage> images) {
        Map<String, GradedImage> byId = new HashMap<>();
        Map<String, List<GradedImage>> byPatient = new TreeMap<>();
        for (GradedImage image : images) {
            GradedImage earlier = byId.putIfAbsent(image.imageId(), image);
            if (earlier == null) {
                byPatient
                        .computeIfAbsent(image.patientId(), none -> new ArrayList<>())
                        .add(image);
            } else if (!earlier.equals(image)) {
                throw new InputException(
                        "image " + image.imageId(),
                        "given twice, differently",
                        "patient " + earlier.patientId() + " grade " + earlier.grade() + ", patient "
                                + image.patientId() + " grade " + image.grade(),
                        "an image has one patient and one reference grade; run consensus first or drop one row");
            }
        }
        List<Patient> patients = new ArrayList<>();
        byPatient.forEach((id, own) -> patients.add(new Patient(id, own)));
        return patients;
    }
}
