package io.patella.statistics.audit;

import io.patella.cohort.Part;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.Patient;
import io.patella.cohort.split.PatientSplit;
import io.patella.cohort.split.Ratios;
import io.patella.cohort.split.SplitReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the printed counts of a cohort and its parts. */
final class CohortChecks {
    private static final int SIMULATED = 100;

    /** Correlation of the two knees' latent severity in simulated cohorts; of the published OAI pairs about half agree. */
    private static final double KNEES = 0.75;

    private final PaperClaims.Cohort cohort;
    private final List<PaperClaims.PartOf> parts;
    private final List<Finding> findings = new ArrayList<>();

    CohortChecks(PaperClaims.Cohort cohort) {
        this.cohort = cohort;
        this.parts = cohort.parts() == null ? List.of() : cohort.parts();
    }

    List<Finding> findings() {
        sums();
        gradeColumns();
        picturesPerPatient();
        imageWiseCounts();
        return findings;
    }

    private void add(String subject, String check, Verdict verdict, String arithmetic) {
        findings.add(new Finding(subject, check, verdict, arithmetic));
    }

    private static Verdict verdict(boolean consistent) {
        return consistent ? Verdict.CONSISTENT : Verdict.CONTRADICTS;
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }

    private static String plus(List<Integer> counts) {
        return counts.stream().map(String::valueOf).collect(Collectors.joining(" + "));
    }

    private void rowSum(String name, @Nullable List<Integer> grades, @Nullable Integer images) {
        if (grades != null && images != null) {
            add(
                    name,
                    "counts per grade against the number of images",
                    verdict(sum(grades) == images),
                    plus(grades) + " = " + sum(grades) + "; printed: " + images);
        }
    }

    private void sums() {
        rowSum(cohort.name(), cohort.grades(), cohort.images());
        parts.forEach(each -> rowSum(cohort.name() + " " + each.name(), each.grades(), each.images()));
        total("images", parts.stream().map(PaperClaims.PartOf::images).toList(), cohort.images());
        total("patients", parts.stream().map(PaperClaims.PartOf::patients).toList(), cohort.patients());
    }

    private void total(String what, List<@Nullable Integer> perPart, @Nullable Integer whole) {
        List<Integer> known = new ArrayList<>();
        for (Integer each : perPart) {
            if (each != null) {
                known.add(each);
            }
        }
        if (whole != null && !known.isEmpty() && known.size() == perPart.size()) {
            add(
                    cohort.name(),
                    what + " of the parts against the whole",
                    verdict(sum(known) == whole),
                    plus(known) + " = " + sum(known) + "; printed: " + whole);
        }
    }

    private void gradeColumns() {
        List<Integer> whole = cohort.grades();
        if (whole == null || parts.isEmpty()) {
            return;
        }
        List<String> wrong = new ArrayList<>();
        for (int g = 0; g < whole.size(); g++) {
            List<Integer> column = new ArrayList<>();
            for (PaperClaims.PartOf part : parts) {
                List<Integer> grades = part.grades();
                if (grades == null || grades.size() != whole.size()) {
                    return;
                }
                column.add(grades.get(g));
            }
            if (sum(column) != whole.get(g)) {
                wrong.add("KL" + g + ": " + plus(column) + " = " + sum(column) + ", printed " + whole.get(g));
            }
        }
        add(
                cohort.name(),
                "counts per grade of the parts against the whole",
                verdict(wrong.isEmpty()),
                wrong.isEmpty() ? "every column adds up" : String.join("; ", wrong));
    }

    private void picturesPerPatient() {
        Integer most = cohort.imagesPerPatient();
        if (most == null) {
            return;
        }
        boolean full =
                cohort.images() != null && cohort.patients() != null && cohort.images() == most * cohort.patients();
        for (PaperClaims.PartOf part : parts) {
            Integer patients = part.patients();
            Integer images = part.images();
            if (patients == null || images == null) {
                continue;
            }
            boolean possible = images <= most * patients && images >= patients && (!full || images == most * patients);
            String why = patients + " patients with at most " + most + " images each have between " + patients + " and "
                    + most * patients + " images";
            if (full && most > 1) {
                why += "; since " + cohort.patients() + " x " + most + " = " + cohort.images()
                        + " every patient has exactly " + most + ", so it must be " + most * patients;
            }
            add(
                    cohort.name() + " " + part.name(),
                    "images against patients",
                    verdict(possible),
                    why + "; printed: " + images);
        }
    }

    /** Whether the counts per part and grade are those of a split of the pictures, one by one. */
    private void imageWiseCounts() {
        List<Integer> whole = cohort.grades();
        List<Integer> ratios = cohort.ratios();
        if (whole == null || ratios == null || ratios.size() != parts.size() || parts.size() != 3) {
            return;
        }
        double furthest = 0;
        int total = sum(ratios);
        for (int p = 0; p < parts.size(); p++) {
            List<Integer> grades = parts.get(p).grades();
            if (grades == null || grades.size() != whole.size()) {
                return;
            }
            for (int g = 0; g < whole.size(); g++) {
                furthest = Math.max(furthest, Math.abs(grades.get(g) - (double) whole.get(g) * ratios.get(p) / total));
            }
        }
        boolean near = furthest < 1;
        String arithmetic = "the largest distance of a count per part and grade from "
                + ratios.stream().map(String::valueOf).collect(Collectors.joining("/")) + " of the image counts is "
                + Printed.number(furthest) + (near ? ", so every count is the image quota rounded" : "");
        Integer most = cohort.imagesPerPatient();
        boolean saysByPatient = cohort.byPatient() != null && cohort.byPatient();
        if (!near || !saysByPatient || most == null || most != 2 || cohort.patients() == null) {
            add(
                    cohort.name(),
                    "counts per part and grade against a split of the images",
                    near && saysByPatient && (most == null || most > 1) ? Verdict.CANNOT_BE_TOLD : Verdict.CONSISTENT,
                    arithmetic
                            + (most != null && most == 1
                                    ? "; with one image per patient a stratified split by patient gives just that"
                                    : ""));
            return;
        }
        int hits = simulate(whole, cohort.patients(), new Ratios(ratios.get(0), ratios.get(1), ratios.get(2)));
        add(
                cohort.name(),
                "counts per part and grade against a split by patient",
                hits * 100 < SIMULATED ? Verdict.CONTRADICTS : Verdict.CANNOT_BE_TOLD,
                arithmetic + ". A split by patient moves both knees together and misses these quotas: of " + SIMULATED
                        + " simulated splits by patient (knees correlated " + KNEES
                        + ", stratified on the highest grade) " + hits
                        + " have all test counts within 1 of the image quota. These are counts of a split by image");
    }

    /** In how many simulated splits by patient every test count lies within 1 of the image quota. */
    private static int simulate(List<Integer> whole, int patients, Ratios ratios) {
        List<Patient> cohort = pairs(whole, patients);
        int hits = 0;
        int weights = ratios.train() + ratios.validation() + ratios.test();
        for (int seed = 0; seed < SIMULATED; seed++) {
            PatientSplit split = PatientSplit.seeded(seed).ratios(ratios);
            List<Integer> test =
                    SplitReport.of(cohort, split.assign(cohort)).part(Part.TEST).imagesPerGrade();
            boolean near = true;
            for (int g = 0; g < whole.size(); g++) {
                near &= Math.abs(test.get(g) - (double) whole.get(g) * ratios.test() / weights) <= 1;
            }
            hits += near ? 1 : 0;
        }
        return hits;
    }

    /** Patients with two knees whose severities are correlated and whose grades have exactly these counts. */
    private static List<Patient> pairs(List<Integer> whole, int patients) {
        Random random = new Random(42);
        double[] severity = new double[2 * patients];
        for (int i = 0; i < patients; i++) {
            double common = Math.sqrt(KNEES) * random.nextGaussian();
            severity[2 * i] = common + Math.sqrt(1 - KNEES) * random.nextGaussian();
            severity[2 * i + 1] = common + Math.sqrt(1 - KNEES) * random.nextGaussian();
        }
        double[] sorted = severity.clone();
        Arrays.sort(sorted);
        List<GradedImage> images = new ArrayList<>();
        for (int i = 0; i < severity.length; i++) {
            int rank = Arrays.binarySearch(sorted, severity[i]);
            int grade = 0;
            for (int below = whole.get(0); grade < whole.size() - 1 && rank >= below; below += whole.get(grade)) {
                grade++;
            }
            images.add(new GradedImage(String.valueOf(i), String.valueOf(i / 2), grade, null));
        }
        return Patient.from(images);
    }

    /** Whether one rule of rounding gives the part sizes of all cohorts with ratios. */
    static void oneRule(List<PaperClaims.Cohort> cohorts, List<Finding> findings) {
        Map<String, List<String>> fitting = new LinkedHashMap<>();
        List<String> rulesLeft = new ArrayList<>(List.of("largest remainder", HALVES, FIFTEEN));
        for (PaperClaims.Cohort cohort : cohorts) {
            List<Integer> ratios = cohort.ratios();
            Integer n = cohort.patients();
            if (ratios == null || ratios.size() != 3 || n == null || cohort.parts() == null) {
                continue;
            }
            List<Integer> printed = new ArrayList<>();
            for (PaperClaims.PartOf part : cohort.parts()) {
                if (part.patients() != null) {
                    printed.add(part.patients());
                }
            }
            if (printed.size() != 3) {
                continue;
            }
            Map<String, List<Integer>> rules = rules(n, ratios);
            List<String> fits = new ArrayList<>();
            List<String> sentences = new ArrayList<>();
            rules.forEach((rule, sizes) -> {
                boolean equal = sizes.equals(printed);
                if (equal) {
                    fits.add(rule);
                }
                sentences.add(rule + " gives " + sizes + (equal ? " as printed" : ""));
            });
            fitting.put(cohort.name(), fits);
            rulesLeft.retainAll(fits);
            findings.add(new Finding(
                    cohort.name(),
                    "sizes of the parts against " + ratios + " of " + n + " patients",
                    fits.isEmpty() ? Verdict.CANNOT_BE_TOLD : Verdict.CONSISTENT,
                    "printed " + printed + "; " + String.join("; ", sentences)));
        }
        if (fitting.size() > 1 && fitting.values().stream().noneMatch(List::isEmpty)) {
            String each = fitting.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + String.join(" or ", entry.getValue()))
                    .collect(Collectors.joining("; "));
            findings.add(new Finding(
                    String.join(" and ", fitting.keySet()),
                    "one procedure for all cohorts",
                    rulesLeft.isEmpty() ? Verdict.CONTRADICTS : Verdict.CONSISTENT,
                    rulesLeft.isEmpty()
                            ? "no one rule of rounding gives the sizes of all cohorts (" + each + ")"
                            : "all sizes come from " + rulesLeft.get(0)));
        }
    }

    private static final String HALVES = "scikit-learn's rounding (held-out first, then divided)";

    private static final String FIFTEEN = "scikit-learn's rounding (test first, then validation)";

    private static Map<String, List<Integer>> rules(int n, List<Integer> ratios) {
        Map<String, List<Integer>> rules = new LinkedHashMap<>();
        int sum = sum(ratios);
        List<GradedImage> one = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            one.add(new GradedImage(String.valueOf(i), String.valueOf(i), 0, null));
        }
        List<Patient> patients = Patient.from(one);
        PatientSplit split = PatientSplit.seeded(0).ratios(new Ratios(ratios.get(0), ratios.get(1), ratios.get(2)));
        rules.put(
                "largest remainder",
                SplitReport.of(patients, split.assign(patients)).parts().stream()
                        .map(SplitReport.PartCounts::patients)
                        .toList());
        // scikit-learn rounds the held-out share up
        int held = ceilDivide((long) n * (ratios.get(1) + ratios.get(2)), sum);
        int ofHeld = ratios.get(1) + ratios.get(2) == 0
                ? 0
                : ceilDivide((long) held * ratios.get(2), ratios.get(1) + ratios.get(2));
        rules.put(HALVES, List.of(n - held, held - ofHeld, ofHeld));
        int test = ceilDivide((long) n * ratios.get(2), sum);
        int validation = ratios.get(0) + ratios.get(1) == 0
                ? 0
                : ceilDivide((long) (n - test) * ratios.get(1), ratios.get(0) + ratios.get(1));
        rules.put(FIFTEEN, List.of(n - test - validation, validation, test));
        return rules;
    }

    private static int ceilDivide(long a, long b) {
        return (int) -Math.floorDiv(-a, b);
    }
}
