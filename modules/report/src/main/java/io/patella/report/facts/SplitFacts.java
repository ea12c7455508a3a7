package io.patella.report.facts;

import java.util.List;

/**
 * How a cohort was divided, and the proof that it was done by patient.
 *
 * @param cohort the cohort
 * @param split name of the split
 * @param rule how it was made, e.g. "patient-wise, stratified on the highest grade, 70/15/15, seed 42"
 * @param parts names of the parts, in order
 * @param patients patients per part
 * @param images radiographs per part
 * @param strata patients per stratum and part
 * @param checks what was checked
 * @param notes remarks
 */
public record SplitFacts(
        String cohort,
        String split,
        String rule,
        List<String> parts,
        List<Long> patients,
        List<Long> images,
        List<Stratum> strata,
        List<Check> checks,
        List<String> notes) {
    public SplitFacts {
        parts = List.copyOf(parts);
        patients = List.copyOf(patients);
        images = List.copyOf(images);
        strata = List.copyOf(strata);
        checks = List.copyOf(checks);
        notes = List.copyOf(notes);
    }

    /** Patients of one stratum per part. */
    public record Stratum(String stratum, List<Long> patients) {
        public Stratum {
            patients = List.copyOf(patients);
        }
    }

    /** A rule that was checked on the data, with how many rows break it. */
    public record Check(String rule, long violations) {}
}
