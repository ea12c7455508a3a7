package io.patella.report.facts;

import java.util.List;

/**
 * How readings became reference grades.
 *
 * @param cohort the cohort
 * @param protocol single, unanimous or crossover
 * @param reasons radiographs per reason, kept ones included
 * @param kept kept radiographs per grade 0..4
 */
public record ConsensusFacts(String cohort, String protocol, List<Outcome> reasons, List<Long> kept) {
    public ConsensusFacts {
        reasons = List.copyOf(reasons);
        kept = List.copyOf(kept);
    }

    /** A reason, how many radiographs it holds for, and whether they have a reference grade. */
    public record Outcome(String reason, long images, boolean kept) {}
}
