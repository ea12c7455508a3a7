package io.patella.jobs.job;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.cohort.split.Assignment;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.Parts;
import io.patella.cohort.split.Patient;
import io.patella.cohort.split.PatientSplit;
import io.patella.cohort.split.PlacedImage;
import io.patella.cohort.split.Ratios;
import io.patella.cohort.split.SplitReport;
import io.patella.jobs.files.SplitFile;
import io.patella.jobs.files.TextTable;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Divides a cohort by patient: {@code radiographs, reference_grades -> parts}. Checks every other split of the cohort too,
 * such as the published one that came with the files. A split that stands is never changed: patients must not wander from
 * test to train behind anybody's back.
 */
public final class SplitJob {
    private SplitJob() {}

    /**
     * What is asked for.
     *
     * @param cohort which
     * @param split name of the split to make
     * @param seed of the order of patients
     * @param ratios as in 70,15,15
     */
    public record Request(String cohort, String split, long seed, String ratios) {}

    /**
     * What is answered with {@code --json}.
     *
     * @param counts of our split, as for anybody's table
     * @param splits every split of the cohort: whether it is one by patient
     */
    public record Answer(
            String cohort,
            String split,
            @JsonUnwrapped SplitFile.Answer counts,
            List<Verdict> splits,
            long ungraded,
            boolean changed) {}

    /** Whether a split is one by patient: nobody and no identical picture in two parts. */
    public record Verdict(
            String split, boolean byPatient, int straddlingPatients, int sharedPictures, int images, int unplaced) {}

    /**
     * One split of the cohort.
     *
     * @param split its name
     * @param report counts, and whether it is one by patient
     * @param placed pictures with a reference grade whose patient is in a part
     * @param unplaced pictures with a reference grade whose patient is in none
     */
    public record Checked(String split, SplitReport report, int placed, int unplaced) {}

    /**
     * What came of it.
     *
     * @param parts our split
     * @param splits ours first, then every other split of the cohort by name
     * @param ungraded radiographs without a reference grade, left out
     * @param changed whether the table was written; false when it held this split already
     */
    public record Report(Request request, Parts parts, List<Checked> splits, long ungraded, boolean changed) {
        /** For a program. */
        public Answer answer() {
            return new Answer(
                    request.cohort(),
                    request.split(),
                    SplitFile.answer(splits.get(0).report(), parts, request.seed()),
                    splits.stream().map(Report::verdict).toList(),
                    ungraded,
                    changed);
        }

        private static Verdict verdict(Checked checked) {
            return new Verdict(
                    checked.split(),
                    checked.report().isByPatient(),
                    checked.report().straddling().size(),
                    checked.report().shared().size(),
                    checked.placed(),
                    checked.unplaced());
        }

        /** For a terminal. */
        public String text() {
            StringBuilder text = new StringBuilder("cohort " + request.cohort() + ", split " + request.split()
                    + ", seed " + request.seed() + ", ratios " + request.ratios()
                    + (changed ? "" : " (as before, nothing written)") + "\n");
            for (Checked each : splits) {
                text.append("\nsplit ").append(each.split()).append('\n').append(counts(each.report()));
                if (each.report().isByPatient()) {
                    text.append("no patient and no identical picture in two parts\n");
                } else {
                    each.report().straddling().stream()
                            .limit(10)
                            .forEach(one ->
                                    text.append("leak: ").append(one.sentence()).append('\n'));
                    each.report().shared().stream()
                            .limit(10)
                            .forEach(one ->
                                    text.append("leak: ").append(one.sentence()).append('\n'));
                    int all = each.report().straddling().size()
                            + each.report().shared().size();
                    text.append(all).append(" leaks in all\n");
                }
                if (each.unplaced() > 0) {
                    text.append(each.unplaced()).append(" graded pictures are in no part of this split\n");
                }
            }
            if (ungraded > 0) {
                text.append('\n').append(ungraded).append(" radiographs without a reference grade were left out\n");
            }
            if (parts.linkedPatients() > 0) {
                text.append(parts.linkedPatients())
                        .append(" patients share identical pictures and stay together, in ")
                        .append(parts.linkedGroups())
                        .append(" groups\n");
            }
            parts.notes().forEach(note -> text.append(note).append('\n'));
            return text.toString();
        }

        private static String counts(SplitReport report) {
            TextTable table = new TextTable("part", "patients", "images", "KL 0", "KL 1", "KL 2", "KL 3", "KL 4");
            for (SplitReport.PartCounts part : report.parts()) {
                List<Integer> grades = part.imagesPerGrade();
                table.row(
                        part.part().word(),
                        part.patients(),
                        part.images(),
                        grades.get(0),
                        grades.get(1),
                        grades.get(2),
                        grades.get(3),
                        grades.get(4));
            }
            return table.text();
        }
    }

    /**
     * Makes the split, or finds that it stands already.
     *
     * @throws InputException when the cohort has no reference grades, or the split stands and is another
     */
    public static Report run(JobRun run, Request request) {
        Ratios ratios = Ratios.parse(request.ratios());
        run.phase("reading the graded radiographs of " + request.cohort());
        Dataset<Row> radiographs = run.warehouse().read(RadiographRow.TABLE, request.cohort());
        Dataset<Row> reference = run.warehouse().read(ReferenceGradeRow.TABLE, request.cohort());
        List<GradedImage> images = gradedImages(radiographs, reference);
        if (images.isEmpty()) {
            throw new InputException(
                    "--cohort", "no reference grades of this cohort", request.cohort(), ConsensusJob.known(run));
        }
        List<Patient> patients = Patient.from(images);
        run.phase("placing " + patients.size() + " patients");
        Parts parts = PatientSplit.seeded(request.seed()).ratios(ratios).assign(patients);
        SplitReport report = SplitReport.of(patients, parts).demandByPatient();

        List<PartRow> standing =
                run.warehouse().collect(PartRow.TABLE, run.warehouse().read(PartRow.TABLE, request.cohort()));
        boolean changed = demandUnchanged(request, parts, standing);
        if (changed) {
            run.phase("writing the parts of " + patients.size() + " patients");
            run.count(run.warehouse()
                    .append(
                            PartRow.TABLE,
                            parts.assignments().stream()
                                    .map(each -> row(run, request, each))
                                    .toList()));
        }
        List<Checked> splits = new ArrayList<>();
        splits.add(new Checked(request.split(), report, images.size(), 0));
        splits.addAll(others(request, standing, images));
        report.parts().forEach(each -> run.count(each.part().word() + "_patients", each.patients()));
        report.parts().forEach(each -> run.count(each.part().word() + "_images", each.images()));
        run.next("patella train --conf conf/train/kl-fusenet-small.yaml --set cohort=" + request.cohort()
                + " --set split=" + request.split());
        return new Report(request, parts, splits, radiographs.count() - images.size(), changed);
    }

    static List<GradedImage> gradedImages(Dataset<Row> radiographs, Dataset<Row> reference) {
        Iterator<Row> rows = radiographs
                .select("image_id", "patient_id", "pixel_sha256")
                .join(reference.select("image_id", "grade"), "image_id")
                .select("image_id", "patient_id", "grade", "pixel_sha256")
                .toLocalIterator();
        List<GradedImage> images = new ArrayList<>();
        while (rows.hasNext()) {
            Row row = rows.next();
            images.add(new GradedImage(row.getString(0), row.getString(1), row.getInt(2), row.getString(3)));
        }
        return images;
    }

    private static PartRow row(JobRun run, Request request, Assignment each) {
        return new PartRow(request.cohort(), request.split(), each.patientId(), each.stratum(), each.part(), run.id());
    }

    /** Whether the split has to be written. */
    private static boolean demandUnchanged(Request request, Parts parts, List<PartRow> standing) {
        Map<String, Part> before = new HashMap<>();
        standing.stream()
                .filter(row -> row.split().equals(request.split()))
                .forEach(row -> before.put(row.patientId(), row.part()));
        Map<String, Part> now = parts.byPatient();
        if (before.isEmpty() || before.equals(now)) {
            return before.isEmpty();
        }
        long moved = before.entrySet().stream()
                .filter(each -> now.containsKey(each.getKey()) && now.get(each.getKey()) != each.getValue())
                .count();
        long added =
                now.keySet().stream().filter(each -> !before.containsKey(each)).count();
        long gone =
                before.keySet().stream().filter(each -> !now.containsKey(each)).count();
        throw new InputException(
                "split " + request.split() + " of " + request.cohort(),
                "stands already and would change",
                moved + " patients would move, " + added + " would be new, " + gone + " would go",
                "a patient never moves between parts; make another split with --split NAME, or repeat the old seed and"
                        + " ratios");
    }

    private static List<Checked> others(Request request, List<PartRow> standing, Collection<GradedImage> images) {
        Map<String, Map<String, Set<Part>>> splits = new TreeMap<>();
        standing.stream()
                .filter(row -> !row.split().equals(request.split()))
                .forEach(row -> splits.computeIfAbsent(row.split(), none -> new HashMap<>())
                        .merge(row.patientId(), Set.of(row.part()), SplitJob::union));
        List<Checked> checked = new ArrayList<>();
        splits.forEach((split, partsOf) -> {
            List<PlacedImage> placed = images.stream()
                    .flatMap(image -> partsOf.getOrDefault(image.patientId(), Set.of()).stream()
                            .map(part -> new PlacedImage(image, part)))
                    .toList();
            int unplaced = (int) images.stream()
                    .filter(image -> !partsOf.containsKey(image.patientId()))
                    .count();
            checked.add(new Checked(split, SplitReport.of(placed), images.size() - unplaced, unplaced));
        });
        return checked;
    }

    private static Set<Part> union(Set<Part> one, Set<Part> other) {
        return Stream.concat(one.stream(), other.stream()).collect(Collectors.toUnmodifiableSet());
    }
}
