package io.patella.report.facts;

import java.util.List;

/**
 * One metric of one model, per stratum.
 *
 * @param cohort the cohort
 * @param part the part
 * @param model the model's name
 * @param metric the metric's word, e.g. qwk
 * @param overall the metric over all strata
 * @param smallest strata with fewer patients are named without figures
 * @param strata in the order of the page; those of one column together
 */
public record Subgroups(
        String cohort, String part, String model, String metric, Estimate overall, int smallest, List<Stratum> strata) {
    public Subgroups {
        strata = List.copyOf(strata);
    }

    /**
     * One stratum.
     *
     * @param column the column that divides, e.g. laterality
     * @param value the value, or "missing"
     * @param images how many radiographs
     * @param patients of how many patients
     * @param estimate the metric
     */
    public record Stratum(String column, String value, long images, long patients, Estimate estimate) {}
}
