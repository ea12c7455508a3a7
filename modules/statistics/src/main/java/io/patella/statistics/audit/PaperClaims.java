package io.patella.statistics.audit;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a paper prints, as far as arithmetic can check it. Everything that is not printed stays away (null).
 *
 * @param title of the paper
 * @param source where the figures were read
 * @param cohorts cohorts with their parts
 * @param results rows of result tables
 * @param overlaps sentences on whether intervals overlap
 * @param differences sentences on differences
 * @param repeated figures or words that the paper gives in several places
 */
public record PaperClaims(
        String title,
        @Nullable String source,
        @Nullable List<Cohort> cohorts,
        @Nullable List<Result> results,
        @Nullable List<Overlap> overlaps,
        @Nullable List<Difference> differences,
        @Nullable List<Repeated> repeated) {
    public PaperClaims {
        cohorts = cohorts == null ? List.of() : List.copyOf(cohorts);
        results = results == null ? List.of() : List.copyOf(results);
        overlaps = overlaps == null ? List.of() : List.copyOf(overlaps);
        differences = differences == null ? List.of() : List.copyOf(differences);
        repeated = repeated == null ? List.of() : List.copyOf(repeated);
    }

    /**
     * A cohort and its parts.
     *
     * @param name as in the paper
     * @param images number of pictures
     * @param patients number of patients
     * @param imagesPerPatient the most pictures one patient can have (two knees: 2)
     * @param byPatient whether the paper says that it split by patient
     * @param ratios of train, validation, test as the paper says
     * @param grades pictures per grade
     * @param parts train, validation, test
     */
    public record Cohort(
            String name,
            @Nullable Integer images,
            @Nullable Integer patients,
            @Nullable Integer imagesPerPatient,
            @Nullable Boolean byPatient,
            @Nullable List<Integer> ratios,
            @Nullable List<Integer> grades,
            @Nullable List<PartOf> parts) {
        public Cohort {
            counts(name, "grades", grades);
            counts(name, "ratios", ratios);
            if (grades != null && grades.size() > Grade.COUNT) {
                throw new InputException(name, "more than five grades", grades, "give counts of KL 0 to KL 4");
            }
            if (ratios != null && (ratios.size() != 3 || ratios.stream().allMatch(each -> each == 0))) {
                throw new InputException(name, "not three ratios", ratios, "write [70, 15, 15]");
            }
            parts = parts == null ? List.of() : List.copyOf(parts);
        }
    }

    /** A part of a cohort: its name, patients, pictures, pictures per grade. */
    public record PartOf(
            String name,
            @Nullable Integer patients,
            @Nullable Integer images,
            @Nullable List<Integer> grades) {
        public PartOf {
            counts(name, "grades", grades);
        }
    }

    /**
     * One grader on one set of pictures.
     *
     * @param name as in the paper
     * @param images number of pictures
     * @param oneImagePerPatient whether every patient has one picture, so that a bootstrap by patient is one by picture
     * @param sameImagesAs a name shared by results on the same pictures
     * @param decimals digits printed after the point (default 3)
     * @param scales which grades the classes may stand for; default 0, 1, 2, ... Several where the paper does not say
     * @param support pictures per class
     * @param precision per class
     * @param recall per class
     * @param f1 per class
     * @param accuracy share of right grades
     * @param macroF1 mean of the classes' F1
     * @param qwk quadratic weighted kappa
     * @param mae mean absolute error in grades
     * @param adjacentAccuracy share of pictures at most one grade off
     * @param adjacentErrorShare share of errors that are one grade off
     * @param adjacentErrorShareDecimals digits printed of that (default 2)
     * @param intervals printed 95 % intervals
     */
    public record Result(
            String name,
            @Nullable Integer images,
            @Nullable Boolean oneImagePerPatient,
            @Nullable String sameImagesAs,
            @Nullable Integer decimals,
            @Nullable List<List<Integer>> scales,
            @Nullable List<Integer> support,
            @Nullable List<Double> precision,
            @Nullable List<Double> recall,
            @Nullable List<Double> f1,
            @Nullable Double accuracy,
            @Nullable Double macroF1,
            @Nullable Double qwk,
            @Nullable Double mae,
            @Nullable Double adjacentAccuracy,
            @Nullable Double adjacentErrorShare,
            @Nullable Integer adjacentErrorShareDecimals,
            @Nullable Intervals intervals) {
        public Result {
            decimals = decimals == null ? 3 : decimals;
            adjacentErrorShareDecimals = adjacentErrorShareDecimals == null ? 2 : adjacentErrorShareDecimals;
            counts(name, "support", support);
            shares(name, "precision", precision);
            shares(name, "recall", recall);
            shares(name, "f1", f1);
            int classes = -1;
            for (List<?> each : Arrays.asList(support, precision, recall, f1)) {
                if (each != null && classes >= 0 && each.size() != classes) {
                    throw new InputException(
                            name, "columns of different length", each, "give one value per class in each column");
                }
                classes = each == null ? classes : each.size();
            }
            if (scales != null) {
                for (List<Integer> scale : scales) {
                    if (!scale.stream().sorted().distinct().toList().equals(scale)) {
                        throw new InputException(name, "scales must rise", scale, "write [0, 2, 3, 4]");
                    }
                }
            }
            if (images != null && images < 1) {
                throw new InputException(name, "images must be positive", images, "give the number of pictures");
            }
        }

        int digits() {
            return decimals == null ? 3 : decimals;
        }

        Printed printed(double value) {
            return Printed.of(value, digits());
        }
    }

    /** Printed intervals, each [lower, upper]. */
    public record Intervals(
            @Nullable List<Double> accuracy,
            @Nullable List<Double> macroF1,
            @Nullable List<Double> qwk,
            @Nullable List<Double> mae) {
        public Intervals {
            for (List<Double> each : Arrays.asList(accuracy, macroF1, qwk, mae)) {
                bounds("intervals", each);
            }
        }
    }

    /** A sentence that two intervals overlap, or that they do not. */
    public record Overlap(String sentence, List<Double> one, List<Double> other, boolean saidToOverlap) {
        public Overlap {
            bounds(sentence, one);
            bounds(sentence, other);
        }
    }

    /** A sentence that one figure minus another is a third. */
    public record Difference(
            String sentence,
            double minuend,
            double subtrahend,
            double difference,
            @Nullable Integer decimals) {}

    /** What the paper says of one thing in several places, figure or word, as printed. */
    public record Repeated(String what, List<String> values) {}

    private static void bounds(String where, @Nullable List<Double> interval) {
        if (interval != null && (interval.size() != 2 || !(interval.get(0) <= interval.get(1)))) {
            throw new InputException(where, "not an interval", interval, "write [lower, upper]");
        }
    }

    private static void counts(String where, String key, @Nullable List<Integer> values) {
        if (values != null && values.stream().anyMatch(each -> each == null || each < 0)) {
            throw new InputException(where, key + " must be whole numbers from 0", values, "give counts");
        }
    }

    private static void shares(String where, String key, @Nullable List<Double> values) {
        if (values != null && values.stream().anyMatch(each -> each == null || !(each >= 0 && each <= 1))) {
            throw new InputException(where, key + " must lie in 0..1", values, "give shares, not per cent");
        }
    }
}
