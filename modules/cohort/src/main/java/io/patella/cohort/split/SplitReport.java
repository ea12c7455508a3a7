package io.patella.cohort.split;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a split gives, and whether it is one by patient. Works on ours and on anybody's (a published one such as Chen's of
 * 2019, a table from a colleague).
 *
 * @param parts counts per part, in the order train, validation, test; a part without pictures has zeros
 * @param straddling patients with pictures in more than one part, in the order of their ids
 * @param shared identical pictures in more than one part, in the order of their hashes
 */
public record SplitReport(List<PartCounts> parts, List<StraddlingPatient> straddling, List<SharedPicture> shared) {
    public SplitReport {
        parts = List.copyOf(parts);
        straddling = List.copyOf(straddling);
        shared = List.copyOf(shared);
    }

    /**
     * One part.
     *
     * @param part which
     * @param patients how many patients
     * @param images how many pictures
     * @param patientsPerStratum patients by their highest grade within the whole cohort, [5]
     * @param imagesPerGrade pictures by grade, [5]
     */
    public record PartCounts(
            Part part, int patients, int images, List<Integer> patientsPerStratum, List<Integer> imagesPerGrade) {}

    /** A patient with pictures in several parts. */
    public record StraddlingPatient(String patientId, List<Part> parts) {
        /** As in {@code patient P7 is in train and in test}. */
        public String sentence() {
            return "patient " + patientId + " is in " + words(parts);
        }
    }

    /** Identical pictures in several parts, whoever they are filed under. */
    public record SharedPicture(String pixelSha256, List<String> imageIds, List<String> patientIds, List<Part> parts) {
        /** As in {@code pictures 7L, 9R are identical and are in train and in test (patients 7, 9)}. */
        public String sentence() {
            return "pictures " + String.join(", ", imageIds) + " are identical and are in " + words(parts)
                    + " (patients " + String.join(", ", patientIds) + ")";
        }
    }

    private static String words(List<Part> parts) {
        return parts.stream().map(Part::word).collect(Collectors.joining(" and in "));
    }

    /** Reports on our own split of these patients. */
    public static SplitReport of(List<Patient> patients, Parts parts) {
        return of(parts.place(patients));
    }

    /** Reports on anybody's split, given picture by picture. */
    public static SplitReport of(Collection<PlacedImage> images) {
        Map<String, Set<Part>> partsOf = new TreeMap<>();
        Map<String, Integer> stratumOf = new TreeMap<>();
        Map<String, List<PlacedImage>> byHash = new TreeMap<>();
        Map<Part, int[]> perGrade = new EnumMap<>(Part.class);
        Map<Part, int[]> perStratum = new EnumMap<>(Part.class);
        for (Part part : Quotas.ORDER) {
            perGrade.put(part, new int[Grade.COUNT]);
            perStratum.put(part, new int[Grade.COUNT]);
        }
        for (PlacedImage each : images) {
            GradedImage image = each.image();
            partsOf.computeIfAbsent(image.patientId(), none -> new TreeSet<>()).add(each.part());
            stratumOf.merge(image.patientId(), image.grade(), Math::max);
            at(perGrade, each.part())[image.grade()]++;
            String hash = image.pixelSha256();
            if (hash != null && !hash.isEmpty()) {
                byHash.computeIfAbsent(hash, none -> new ArrayList<>()).add(each);
            }
        }
        List<StraddlingPatient> straddling = new ArrayList<>();
        partsOf.forEach((patient, parts) -> {
            if (parts.size() > 1) {
                straddling.add(new StraddlingPatient(patient, List.copyOf(parts)));
            }
            parts.forEach(part -> at(perStratum, part)[stratumOf.getOrDefault(patient, 0)]++);
        });
        List<SharedPicture> shared = new ArrayList<>();
        byHash.forEach((hash, same) -> {
            SortedSet<Part> parts = same.stream().map(PlacedImage::part).collect(Collectors.toCollection(TreeSet::new));
            if (parts.size() > 1) {
                shared.add(new SharedPicture(
                        hash,
                        same.stream()
                                .map(each -> each.image().imageId())
                                .sorted()
                                .toList(),
                        same.stream()
                                .map(each -> each.image().patientId())
                                .distinct()
                                .sorted()
                                .toList(),
                        List.copyOf(parts)));
            }
        });
        List<PartCounts> counts = new ArrayList<>();
        for (Part part : Quotas.ORDER) {
            List<Integer> strata = boxed(at(perStratum, part));
            List<Integer> grades = boxed(at(perGrade, part));
            counts.add(new PartCounts(part, sum(strata), sum(grades), strata, grades));
        }
        return new SplitReport(counts, straddling, shared);
    }

    /** Whether no patient and no identical picture is in two parts. */
    public boolean isByPatient() {
        return straddling.isEmpty() && shared.isEmpty();
    }

    /**
     * Refuses a split that leaks.
     *
     * @return this report
     * @throws InputException naming the first ten patients and pictures in two parts, and how many there are
     */
    public SplitReport demandByPatient() {
        if (isByPatient()) {
            return this;
        }
        List<String> sentences = new ArrayList<>();
        straddling.forEach(each -> sentences.add(each.sentence()));
        shared.forEach(each -> sentences.add(each.sentence()));
        String more = sentences.size() > 10 ? "\n... and " + (sentences.size() - 10) + " more" : "";
        throw new InputException(sentences.stream()
                        .limit(10)
                        .map(each ->
                                "split: " + each + " (all pictures of a patient, and identical pictures, belong to one"
                                        + " part; run: patella split)")
                        .collect(Collectors.joining("\n"))
                + more);
    }

    /** The counts of one part. */
    public PartCounts part(Part part) {
        return parts.get(Quotas.ORDER.indexOf(part));
    }

    private static int[] at(Map<Part, int[]> counts, Part part) {
        int[] row = counts.get(part);
        if (row == null) {
            throw new IllegalStateException("no row for " + part);
        }
        return row;
    }

    private static List<Integer> boxed(int[] counts) {
        List<Integer> list = new ArrayList<>();
        for (int count : counts) {
            list.add(count);
        }
        return List.copyOf(list);
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }
}
