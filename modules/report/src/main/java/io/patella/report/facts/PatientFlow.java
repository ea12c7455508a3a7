package io.patella.report.facts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many radiographs and patients came in and how many were left after each step (TRIPOD+AI item 20a).
 *
 * @param cohort the cohort
 * @param steps from the files found to the radiographs evaluated, in order
 * @param parts how the last step divides; empty when it does not
 */
public record PatientFlow(String cohort, List<Step> steps, List<Step> parts) {
    public PatientFlow {
        steps = List.copyOf(steps);
        parts = List.copyOf(parts);
    }

    /**
     * One station.
     *
     * @param label what is counted, e.g. "radiographs"
     * @param images how many
     * @param patients of how many patients; null where they are not known yet
     * @param left what did not go on from here, by reason
     */
    public record Step(String label, long images, @Nullable Long patients, List<Reason> left) {
        public Step {
            left = List.copyOf(left);
        }

        /** A station from which everything goes on. */
        public static Step of(String label, long images, @Nullable Long patients) {
            return new Step(label, images, patients, List.of());
        }
    }

    /** A reason and how many it took out. */
    public record Reason(String reason, long images) {}
}
