package io.patella.jobs.job;

import io.patella.jobs.conf.IngestConf;
import io.patella.jobs.job.ingest.Admission;
import io.patella.jobs.job.ingest.Admission.Known;
import io.patella.jobs.job.ingest.Claim;
import io.patella.jobs.job.ingest.Inventory;
import io.patella.jobs.job.ingest.Looked;
import io.patella.jobs.job.ingest.Looking;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.QuarantineRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Takes a folder or manifest of pictures into the tables of a cohort. The driver lists what the source claims; executors open
 * every file once and write the pictures that are new into data files; the driver decides what is new and commits.
 *
 * <p>One commit per table, in this order: {@code quarantine}, {@code readings}, {@code parts}, {@code pictures}, and
 * {@code radiographs} last. A radiograph is there only when all that belongs to it is; a run that was killed leaves rows
 * without a radiograph, which nobody reads and which the next run completes without repeating them, or data files that no
 * table knows. Ingesting the same source again reads and hashes every file again and adds nothing.
 */
public final class IngestJob {
    private static final int SHOWN = 5;

    private IngestJob() {}

    /**
     * What a run did.
     *
     * @param layout how the source was read
     * @param files pictures opened
     * @param images radiographs added
     * @param imagesBefore radiographs that were there already and were met again
     * @param patients with radiographs added
     * @param readings added
     * @param parts patients added to the published split
     * @param quarantined files and rows put aside in this run, by reason, whether or not they had been before
     * @param quarantineRows rows added to the table of that name
     * @param conflicting pictures to which one reader gave different grades
     * @param straddling patients in several parts of the published split; they got none
     * @param sharingPixels pictures of the cohort whose pixels another one has too
     * @param leftAlone files that are no pictures by their names
     * @param seconds from the first file opened to the last commit
     * @param imagesPerSecond files over seconds
     */
    public record Ingested(
            String cohort,
            String layout,
            int files,
            int images,
            int imagesBefore,
            int patients,
            int readings,
            int parts,
            Map<String, Integer> quarantined,
            int quarantineRows,
            List<String> conflicting,
            List<String> straddling,
            int sharingPixels,
            int leftAlone,
            double seconds,
            double imagesPerSecond,
            List<String> notes) {}

    /**
     * Ingests {@code source} into {@code cohort}.
     *
     * @throws io.patella.cohort.InputException when there is no such source, it is empty, or laid out in no way known
     */
    public static Ingested ingest(JobRun run, String cohort, Inventory source, IngestConf conf) {
        long start = System.nanoTime();
        Warehouse warehouse = run.warehouse();
        int files = (int) source.claims().stream().map(Claim::file).distinct().count();
        run.phase("opening " + files + " files: " + source.layout());
        try (Looking looking = new Looking(cohort, conf.decoder(), warehouse)) {
            Map<String, Looked> found = looking.at(source.claims());
            Admission admission = new Admission(cohort, run.id(), known(warehouse, cohort));
            source.refused().forEach(admission::refuse);
            Instant now = Instant.now();
            for (Claim claim : source.claims()) {
                admission.admit(
                        claim, Objects.requireNonNull(found.get(claim.file().toString())), now);
            }

            looking.demandSame(admission.newPictures());

            run.phase("writing " + admission.radiographs().size() + " new radiographs");
            List<QuarantineRow> quarantine = admission.quarantine(quarantined(warehouse, cohort));
            run.count(warehouse.append(QuarantineRow.TABLE, quarantine));
            List<ReadingRow> readings = admission.readings(warehouse.collect(ReadingRow.TABLE, cohort));
            run.count(warehouse.append(ReadingRow.TABLE, readings));
            List<PartRow> claimed = admission.parts(conf.splitName());
            List<String> elsewhere = elsewhere(claimed, warehouse.collect(PartRow.TABLE, cohort));
            int parts = (int)
                    run.count(warehouse.appendMissing(PartRow.TABLE, claimed)).rows();
            run.count(warehouse.commit(PictureRow.TABLE, looking.pictures(admission.newPictures())));
            run.count(warehouse.append(RadiographRow.TABLE, admission.radiographs()));

            List<String> conflicting = admission.conflicting();
            double seconds = (System.nanoTime() - start) / 1e9;
            Ingested ingested = new Ingested(
                    cohort,
                    source.layout(),
                    files,
                    admission.radiographs().size(),
                    admission.seenBefore(),
                    (int) admission.radiographs().stream()
                            .map(RadiographRow::patientId)
                            .distinct()
                            .count(),
                    readings.size(),
                    parts,
                    admission.reasons(),
                    quarantine.size(),
                    conflicting,
                    admission.straddling(),
                    admission.sharingPixels(),
                    source.leftAlone(),
                    seconds,
                    files / seconds,
                    notes(conflicting, admission.straddling(), elsewhere, conf));
            run.count("files", ingested.files());
            run.count("images", ingested.images());
            run.count("images_before", ingested.imagesBefore());
            run.count(
                    "quarantined",
                    ingested.quarantined().values().stream().mapToInt(n -> n).sum());
            run.count("conflicting", ingested.conflicting().size());
            run.next("patella consensus --cohort " + cohort);
            return ingested;
        }
    }

    private static List<Known> known(Warehouse warehouse, String cohort) {
        return warehouse
                .collect(
                        RadiographRow.TABLE, cohort, List.of("image_id", "patient_id", "source_sha256", "pixel_sha256"))
                .stream()
                .map(row -> new Known(row.getString(0), row.getString(1), row.getString(2), row.getString(3)))
                .toList();
    }

    private static Set<String> quarantined(Warehouse warehouse, String cohort) {
        return warehouse.collect(QuarantineRow.TABLE, cohort).stream()
                .map(row -> Admission.uriAndReason(row.sourceUri(), row.reason()))
                .collect(Collectors.toSet());
    }

    /** Patients whose part in {@code standing} is another than the one claimed now; it stays. */
    private static List<String> elsewhere(List<PartRow> claimed, List<PartRow> standing) {
        Map<String, PartRow> bySplitAndPatient = new HashMap<>();
        standing.forEach(row -> bySplitAndPatient.put(row.split() + " " + row.patientId(), row));
        return claimed.stream()
                .filter(row -> {
                    PartRow before = bySplitAndPatient.get(row.split() + " " + row.patientId());
                    return before != null && before.part() != row.part();
                })
                .map(PartRow::patientId)
                .toList();
    }

    private static List<String> notes(
            List<String> conflicting, List<String> straddling, List<String> elsewhere, IngestConf conf) {
        Map<String, List<String>> notes = new LinkedHashMap<>();
        notes.put("one reader gave different grades to", conflicting);
        notes.put("in several parts of " + conf.splitName() + ", so in none", straddling);
        notes.put("in another part of " + conf.splitName() + " before, which stays", elsewhere);
        return notes.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> String.format(
                        Locale.ROOT,
                        "%s: %s%s",
                        each.getKey(),
                        String.join(
                                ", ",
                                each.getValue()
                                        .subList(
                                                0,
                                                Math.min(SHOWN, each.getValue().size()))),
                        each.getValue().size() > SHOWN
                                ? " and " + (each.getValue().size() - SHOWN) + " more"
                                : ""))
                .toList();
    }

    /** The arguments and the conf as they stand in {@code runs}. */
    public static Map<String, Object> described(Path source, IngestConf conf) {
        return new TreeMap<>(Map.of("source", source.toAbsolutePath().toString(), "conf", conf));
    }
}
