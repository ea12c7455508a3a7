package io.patella.report.facts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two models on the same radiographs.
 *
 * @param cohort the cohort
 * @param part the part
 * @param a first model
 * @param b second model
 * @param images how many radiographs both graded
 * @param differences a minus b per metric, with paired patient-level intervals
 * @param onlyARight radiographs only a graded right
 * @param onlyBRight radiographs only b graded right
 * @param mcnemar p of McNemar's exact test; null when undefined
 * @param delong p of DeLong's test on the KL >= 2 AUC; null when undefined
 * @param adjusted p of McNemar's test adjusted for the number of comparisons; null when there is but one
 * @param notes remarks, e.g. the adjustment's name
 */
public record Comparison(
        String cohort,
        String part,
        String a,
        String b,
        long images,
        List<Metric> differences,
        long onlyARight,
        long onlyBRight,
        @Nullable Double mcnemar,
        @Nullable Double delong,
        @Nullable Double adjusted,
        List<String> notes) {
    public Comparison {
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }
}
