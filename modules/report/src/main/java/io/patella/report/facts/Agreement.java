package io.patella.report.facts;

import java.util.List;

/**
 * Agreement of readers with each other, and of models with readers, side by side.
 *
 * @param cohort the cohort
 * @param pairs reader with reader, model with reader, model with consensus
 * @param coefficients over all readers: Fleiss' kappa, Krippendorff's alpha, ICC ...
 * @param notes remarks
 */
public record Agreement(String cohort, List<Pair> pairs, List<Metric> coefficients, List<String> notes) {
    public Agreement {
        pairs = List.copyOf(pairs);
        coefficients = List.copyOf(coefficients);
        notes = List.copyOf(notes);
    }

    /** Who is compared. */
    public enum Kind {
        READER_READER("reader and reader"),
        MODEL_READER("model and reader"),
        MODEL_CONSENSUS("model and consensus");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As it is printed. */
        public String words() {
            return words;
        }
    }

    /** One pair of graders on the radiographs that both graded. */
    public record Pair(
            Kind kind,
            String first,
            String second,
            long images,
            Estimate percentAgreement,
            Estimate kappa,
            Estimate kappaQuadratic) {}
}
