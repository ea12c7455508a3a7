package io.patella.cohort.split;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A split by patient: every patient in exactly one part.
 *
 * @param assignments one for each patient, in the order of their ids
 * @param linkedPatients how many patients share an identical picture with another patient (they were kept together)
 * @param linkedGroups how many such groups there are
 * @param notes where linked patients kept the sizes from being exact: by how much
 */
public record Parts(List<Assignment> assignments, int linkedPatients, int linkedGroups, List<String> notes)
        implements Serializable {
    public Parts {
        assignments = assignments.stream()
                .sorted(Comparator.comparing(Assignment::patientId))
                .toList();
        notes = List.copyOf(notes);
        for (int i = 1; i < assignments.size(); i++) {
            Assignment one = assignments.get(i - 1);
            Assignment other = assignments.get(i);
            if (one.patientId().equals(other.patientId())) {
                throw new InputException(
                        "split",
                        "patient given twice",
                        one.patientId() + " in " + one.part().word() + " and in "
                                + other.part().word(),
                        "a patient belongs to one part; drop one row");
            }
        }
    }

    /** A split that somebody else made: nothing is known of links. */
    public static Parts given(List<Assignment> assignments) {
        return new Parts(assignments, 0, 0, List.of());
    }

    /** The part of each patient. */
    public Map<String, Part> byPatient() {
        Map<String, Part> parts = new HashMap<>(2 * assignments.size());
        assignments.forEach(each -> parts.put(each.patientId(), each.part()));
        return parts;
    }

    /**
     * Every picture with the part of its patient.
     *
     * @throws InputException when a patient is in no part
     */
    public List<PlacedImage> place(List<Patient> patients) {
        Map<String, Part> parts = byPatient();
        List<PlacedImage> placed = new ArrayList<>();
        for (Patient patient : patients) {
            Part part = parts.get(patient.patientId());
            if (part == null) {
                throw new InputException(
                        "split", "patient in no part", patient.patientId(), "make the split from all patients");
            }
            patient.images().forEach(image -> placed.add(new PlacedImage(image, part)));
        }
        return placed;
    }
}
