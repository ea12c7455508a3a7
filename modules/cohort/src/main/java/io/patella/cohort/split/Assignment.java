package io.patella.cohort.split;

import io.patella.cohort.Part;
import java.io.Serializable;

/**
 * Where one patient went.
 *
 * @param patientId who
 * @param stratum the patient's highest grade, 0..4
 * @param part where all pictures of this patient are
 */
public record Assignment(String patientId, int stratum, Part part) implements Serializable {}
