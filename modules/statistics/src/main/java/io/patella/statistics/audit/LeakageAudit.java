package io.patella.statistics.audit;

import io.patella.cohort.Part;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.PlacedImage;
import io.patella.cohort.split.SplitReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Looks for what a split lets through: patients in several parts, identical pictures in several parts or under several
 * patients, nearly identical pictures, and the mark of a split made picture by picture.
 *
 * @param report counts per part, straddling patients, identical pictures across parts
 * @param samePictures identical pictures filed under different patients, in whatever parts
 * @param threshold the largest Hamming distance of two perceptual hashes that counts as nearly identical; -1: no hashes
 * @param near pairs of pictures of different patients or in different parts within the threshold but not identical, nearest
 *     first; at most {@value #MOST_PAIRS}
 * @param nearPairs how many such pairs there are in all
 * @param straddlingExpected how many patients a split by picture would put into several parts, on average
 * @param straddlingDeviation standard deviation of that number
 * @param madeBy what the split looks like
 */
public record LeakageAudit(
        SplitReport report,
        List<SamePicture> samePictures,
        int threshold,
        List<NearPair> near,
        long nearPairs,
        double straddlingExpected,
        double straddlingDeviation,
        MadeBy madeBy) {
    /** The most pairs that are listed. */
    public static final int MOST_PAIRS = 1000;

    /** No threshold is larger, whatever the data say: 10 of 64 bits. */
    private static final int LARGEST_THRESHOLD = 10;

    /** What the split was made over. */
    public enum MadeBy {
        /** No patient is in two parts, though a split by picture would have put several there. */
        PATIENT,
        /** As many patients are in two parts as a split by picture gives. */
        IMAGE,
        /** Some patients are in two parts, fewer than a split by picture gives. */
        NEITHER,
        /** Too few patients have several pictures to tell. */
        CANNOT_BE_TOLD
    }

    /** Identical pictures filed under several patients. */
    public record SamePicture(String pixelSha256, List<String> imageIds, List<String> patientIds) {}

    /** Two pictures that look alike. */
    public record NearPair(String oneImage, Part onePart, String otherImage, Part otherPart, int distance) {}

    private static final Comparator<NearPair> NEAREST_FIRST = Comparator.comparingInt(NearPair::distance)
            .thenComparing(NearPair::oneImage)
            .thenComparing(NearPair::otherImage);

    /** Audits a split. */
    public static LeakageAudit of(List<AuditedImage> images) {
        List<PlacedImage> placed = images.stream().map(AuditedImage::placed).toList();
        SplitReport report = SplitReport.of(placed);
        List<AuditedImage> hashed = images.stream()
                .filter(each -> each.perceptualHash() != null)
                .sorted(Comparator.comparing(each -> each.placed().image().imageId()))
                .toList();
        int threshold = hashed.size() < 2 ? -1 : threshold(histogram(hashed));
        List<NearPair> near = new ArrayList<>();
        long nearPairs = threshold < 0 ? 0 : collect(hashed, threshold, near);
        double[] expected = straddling(placed);
        return new LeakageAudit(
                report,
                samePictures(placed),
                threshold,
                List.copyOf(near),
                nearPairs,
                expected[0],
                expected[1],
                madeBy(report.straddling().size(), expected[0], expected[1]));
    }

    /** How many pairs of pictures of different patients have each distance, 0..64. */
    private static long[] histogram(List<AuditedImage> hashed) {
        long[] hashes = hashed.stream().mapToLong(LeakageAudit::hash).toArray();
        Map<String, Integer> numbers = new HashMap<>();
        int[] patients = hashed.stream()
                .mapToInt(each -> {
                    Integer known = numbers.putIfAbsent(each.placed().image().patientId(), numbers.size());
                    return known == null ? numbers.size() - 1 : known;
                })
                .toArray();
        long[] histogram = new long[65];
        for (int i = 0; i < hashes.length; i++) {
            for (int j = i + 1; j < hashes.length; j++) {
                if (patients[i] != patients[j]) {
                    histogram[Long.bitCount(hashes[i] ^ hashes[j])]++;
                }
            }
        }
        return histogram;
    }

    /**
     * The largest distance within which chance alone would bring together fewer than one pair in twenty cohorts, taking the
     * distances of different patients' pictures as normal around their median (spread from the quartile, so that true
     * duplicates do not matter); not beyond the valley below the bulk of the distances (their tail is heavier than normal
     * where all pictures look alike), and never more than 10 bits. A pair within it is for a person to look at, no proof.
     */
    static int threshold(long[] histogram) {
        long pairs = 0;
        for (long count : histogram) {
            pairs += count;
        }
        if (pairs == 0) {
            return 0;
        }
        double median = quantile(histogram, pairs, 0.5);
        double spread = Math.max(0.5, (median - quantile(histogram, pairs, 0.25)) / 0.6745);
        NormalDistribution chance = new NormalDistribution(median, spread);
        int threshold = 0;
        for (int d = 1; d <= LARGEST_THRESHOLD; d++) {
            if (pairs * chance.cumulativeProbability(d + 0.5) < 0.05) {
                threshold = d;
            }
        }
        return Math.max(0, Math.min(threshold, valley(histogram) - 1));
    }

    /** Going down from the most frequent distance, the first where two neighbouring counts are empty or rise again. */
    private static int valley(long[] histogram) {
        int mode = 0;
        for (int d = 1; d < histogram.length; d++) {
            mode = histogram[d] > histogram[mode] ? d : mode;
        }
        int at = mode;
        long above = Long.MAX_VALUE;
        while (at > 0 && histogram[at] + histogram[at - 1] > 0 && histogram[at] + histogram[at - 1] <= above) {
            above = histogram[at] + histogram[at - 1];
            at--;
        }
        return at;
    }

    private static double quantile(long[] histogram, long pairs, double share) {
        long below = 0;
        for (int d = 0; d < histogram.length; d++) {
            if (below + histogram[d] >= share * pairs) {
                return d - 0.5 + (share * pairs - below) / Math.max(1, histogram[d]);
            }
            below += histogram[d];
        }
        return 64;
    }

    private static long collect(List<AuditedImage> hashed, int threshold, List<NearPair> near) {
        long[] hashes = hashed.stream().mapToLong(LeakageAudit::hash).toArray();
        PriorityQueue<NearPair> nearest = new PriorityQueue<>(NEAREST_FIRST.reversed());
        long[] found = {0};
        NearHashes.within(hashes, threshold, (i, j, distance) -> {
            PlacedImage one = hashed.get(i).placed();
            PlacedImage other = hashed.get(j).placed();
            if (leaks(one, other)) {
                found[0]++;
                nearest.add(new NearPair(
                        one.image().imageId(), one.part(), other.image().imageId(), other.part(), distance));
                if (nearest.size() > MOST_PAIRS) {
                    nearest.poll();
                }
            }
        });
        near.addAll(nearest);
        near.sort(NEAREST_FIRST);
        return found[0];
    }

    /** Of different patients or in different parts, and not known to be identical (those are listed apart). */
    private static boolean leaks(PlacedImage one, PlacedImage other) {
        String pixels = one.image().pixelSha256();
        boolean identical = pixels != null
                && !pixels.isEmpty()
                && pixels.equals(other.image().pixelSha256());
        return !identical && (!one.image().patientId().equals(other.image().patientId()) || one.part() != other.part());
    }

    private static long hash(AuditedImage image) {
        Long hash = image.perceptualHash();
        if (hash == null) {
            throw new IllegalStateException("picture without a perceptual hash among those that have one");
        }
        return hash;
    }

    private static List<SamePicture> samePictures(List<PlacedImage> images) {
        Map<String, List<GradedImage>> byHash = new TreeMap<>();
        for (PlacedImage each : images) {
            String pixels = each.image().pixelSha256();
            if (pixels != null && !pixels.isEmpty()) {
                byHash.computeIfAbsent(pixels, none -> new ArrayList<>()).add(each.image());
            }
        }
        List<SamePicture> same = new ArrayList<>();
        byHash.forEach((pixels, group) -> {
            List<String> patients = group.stream()
                    .map(GradedImage::patientId)
                    .distinct()
                    .sorted()
                    .toList();
            if (patients.size() > 1) {
                same.add(new SamePicture(
                        pixels,
                        group.stream().map(GradedImage::imageId).sorted().toList(),
                        patients));
            }
        });
        return List.copyOf(same);
    }

    /**
     * A split by picture puts each picture into a part with that part's share f of pictures, so a patient with k pictures is
     * in one part only with probability sum of f^k.
     */
    private static double[] straddling(List<PlacedImage> images) {
        Map<String, Integer> perPatient = new HashMap<>();
        Map<Part, Integer> perPart = new HashMap<>();
        for (PlacedImage each : images) {
            perPatient.merge(each.image().patientId(), 1, Integer::sum);
            perPart.merge(each.part(), 1, Integer::sum);
        }
        double expected = 0;
        double variance = 0;
        for (int k : perPatient.values()) {
            double together = 0;
            for (int count : perPart.values()) {
                together += Math.pow(count / (double) images.size(), k);
            }
            expected += 1 - together;
            variance += together * (1 - together);
        }
        return new double[] {expected, Math.sqrt(Math.max(0, variance))};
    }

    private static MadeBy madeBy(int straddling, double expected, double deviation) {
        boolean likeImages = Math.abs(straddling - expected) <= 4 * deviation + 1;
        if (expected < 5 || (straddling == 0 && likeImages)) {
            return straddling == 0 ? MadeBy.CANNOT_BE_TOLD : MadeBy.NEITHER;
        }
        return straddling == 0 ? MadeBy.PATIENT : likeImages ? MadeBy.IMAGE : MadeBy.NEITHER;
    }
}
