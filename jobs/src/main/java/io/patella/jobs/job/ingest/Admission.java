package io.patella.jobs.job.ingest;

import io.patella.cohort.Part;
import io.patella.imaging.QuarantineReason;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.QuarantineRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of each claim once its file was looked at: which pictures are new, under which id, who read them, in
 * which published part their patients are. Depends on nothing but the claims in their order, the files and what the tables
 * hold already, so that a second run over the same source decides that nothing is new.
 */
public final class Admission {
    /** Hex digits of a file's hash in an image id: 64 bits, enough for a thousand million pictures. */
    private static final int HASH_DIGITS = 16;

    /** A radiograph that the tables hold already, as far as identity goes. */
    public record Known(String imageId, String patientId, String sourceSha256, String pixelSha256) {}

    private record Reader(
            String imageId, String reader, @Nullable String stage) {}

    private final String cohort;
    private final String runId;
    private final Map<String, Known> known = new HashMap<>();
    private final Set<String> knownBefore;
    private final List<RadiographRow> radiographs = new ArrayList<>();
    private final Map<String, Looked> newPictures = new LinkedHashMap<>();
    private final Map<Reader, Map<String, List<Integer>>> gradesByFile = new LinkedHashMap<>();
    private final Map<String, Set<Part>> parts = new TreeMap<>();
    private final Map<String, Refused> refused = new LinkedHashMap<>();
    private final Set<String> seenBefore = new HashSet<>();

    /** An admission to {@code cohort}, which holds {@code known}. */
    public Admission(String cohort, String runId, Collection<Known> known) {
        this.cohort = cohort;
        this.runId = runId;
        known.forEach(each -> this.known.put(each.imageId(), each));
        this.knownBefore = Set.copyOf(this.known.keySet());
    }

    /** Puts a file or row aside; a file put aside for several reasons keeps the first and names the others. */
    public void refuse(Refused each) {
        refused.merge(
                each.uri(),
                each,
                (first, next) -> first.detail().contains(next.detail())
                        ? first
                        : new Refused(first.uri(), first.reason(), first.detail() + "; " + next.detail()));
    }

    /** Takes in {@code claim}, whose file was found to be {@code looked}. */
    public void admit(Claim claim, Looked looked, Instant now) {
        String uri = claim.uri();
        if (looked.reason() != null) {
            refuse(new Refused(uri, looked.reason(), looked.detail()));
            return;
        }
        String id = imageId(claim, looked);
        String patient = claim.patientId() == null ? id : claim.patientId();
        Known there = known.get(id);
        if (there != null && !there.sourceSha256().equals(looked.sourceSha256())) {
            refuse(new Refused(
                    uri,
                    QuarantineReason.IMAGE_ID_TAKEN,
                    "another picture of this cohort has the id " + id
                            + " (rename the file, or name pictures in a manifest)"));
            return;
        }
        if (there == null) {
            known.put(id, new Known(id, patient, looked.sourceSha256(), looked.pixelSha256()));
            newPictures.put(id, looked);
            radiographs.add(new RadiographRow(
                    cohort,
                    id,
                    patient,
                    claim.laterality(),
                    claim.visit(),
                    claim.hospital(),
                    uri,
                    looked.sourceSha256(),
                    looked.pixelSha256(),
                    looked.width(),
                    looked.height(),
                    looked.bits(),
                    null,
                    claim.device(),
                    looked.inverted(),
                    looked.overExposed(),
                    looked.bars(),
                    runId,
                    now));
        } else if (knownBefore.contains(id)) {
            seenBefore.add(id);
        }
        if (claim.grade() != null) {
            gradesByFile
                    .computeIfAbsent(new Reader(id, claim.reader(), claim.stage()), reader -> new TreeMap<>())
                    .computeIfAbsent(uri, file -> new ArrayList<>())
                    .add(claim.grade());
        }
        if (claim.part() != null) {
            parts.computeIfAbsent(patient, p -> new TreeSet<>()).add(claim.part());
        }
    }

    /** The id of a picture that is known by its file's hash. */
    static String imageId(String sourceSha256) {
        return sourceSha256.substring(0, HASH_DIGITS);
    }

    /** Where a picture is known by its hash, one that a second patient has too gets that patient's name behind the hash. */
    private String imageId(Claim claim, Looked looked) {
        if (claim.imageId() != null) {
            return claim.imageId();
        }
        String id = imageId(looked.sourceSha256());
        Known there = known.get(id);
        boolean another =
                there != null && claim.patientId() != null && !there.patientId().equals(claim.patientId());
        return another ? id + "-" + claim.patientId() : id;
    }

    /** Radiographs that are new. */
    public List<RadiographRow> radiographs() {
        return radiographs;
    }

    /** Image id of the new radiographs to what was found in their files. */
    public Map<String, Looked> newPictures() {
        return newPictures;
    }

    /** Radiographs that the tables had already before this run, and that the source names again. */
    public int seenBefore() {
        return seenBefore.size();
    }

    /**
     * Readings that are new. A file that holds a picture once more under the same grade says nothing new; a second grade by
     * the same reader, or the same row twice in a manifest, is a further reading.
     */
    public List<ReadingRow> readings(Collection<ReadingRow> before) {
        Map<Reader, List<ReadingRow>> there = new HashMap<>();
        before.forEach(row -> there.computeIfAbsent(
                        new Reader(row.imageId(), row.reader(), row.stage()), key -> new ArrayList<>())
                .add(row));
        List<ReadingRow> rows = new ArrayList<>();
        gradesByFile.forEach((reader, byFile) -> {
            int[] wanted = most(byFile.values());
            int reading = 0;
            for (ReadingRow row : there.getOrDefault(reader, List.of())) {
                wanted[row.grade()]--;
                reading = Math.max(reading, row.reading());
            }
            for (int grade = 0; grade < wanted.length; grade++) {
                for (int i = 0; i < wanted[grade]; i++) {
                    rows.add(new ReadingRow(
                            cohort, reader.imageId(), reader.reader(), reader.stage(), ++reading, grade, runId));
                }
            }
        });
        return rows;
    }

    /** How often each grade was given: the most times that any one file says so. */
    private static int[] most(Collection<List<Integer>> files) {
        int[] most = new int[io.patella.cohort.Grade.COUNT];
        for (List<Integer> grades : files) {
            int[] here = new int[most.length];
            for (int grade : grades) {
                here[grade]++;
                most[grade] = Math.max(most[grade], here[grade]);
            }
        }
        return most;
    }

    /** Pictures to which one reader gave several different grades in one stage. */
    public List<String> conflicting() {
        return gradesByFile.entrySet().stream()
                .filter(each -> each.getValue().values().stream()
                                .flatMap(List::stream)
                                .distinct()
                                .count()
                        > 1)
                .map(each -> each.getKey().imageId())
                .distinct()
                .sorted()
                .toList();
    }

    /** The published parts of patients who are in one part only. */
    public List<PartRow> parts(String split) {
        return parts.entrySet().stream()
                .filter(each -> each.getValue().size() == 1)
                .map(each -> new PartRow(
                        cohort,
                        split,
                        each.getKey(),
                        null,
                        each.getValue().iterator().next(),
                        runId))
                .toList();
    }

    /** Patients whom the source puts into several parts: they have no part in the published split. */
    public List<String> straddling() {
        return parts.entrySet().stream()
                .filter(each -> each.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Pictures of the cohort whose pixels another picture of the cohort has too. */
    public int sharingPixels() {
        Map<String, Integer> byPixels = new HashMap<>();
        known.values().forEach(each -> byPixels.merge(each.pixelSha256(), 1, Integer::sum));
        return byPixels.values().stream().filter(n -> n > 1).mapToInt(n -> n).sum();
    }

    /** Rows for {@code quarantine}, without those that stand there for the same reason already. */
    public List<QuarantineRow> quarantine(Set<String> uriAndReasonBefore) {
        return refused.values().stream()
                .filter(each -> !uriAndReasonBefore.contains(
                        uriAndReason(each.uri(), each.reason().name())))
                .map(each -> new QuarantineRow(
                        cohort, each.uri(), runId, each.reason().name(), each.detail()))
                .toList();
    }

    /** How often each reason was met in this run, new or not. */
    public Map<String, Integer> reasons() {
        Map<String, Integer> counts = new TreeMap<>();
        refused.values().forEach(each -> counts.merge(each.reason().name(), 1, Integer::sum));
        return counts;
    }

    /** Key of a quarantine row. */
    public static String uriAndReason(String uri, String reason) {
        return reason + " " + uri;
    }
}
