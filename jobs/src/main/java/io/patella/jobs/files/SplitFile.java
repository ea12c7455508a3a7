package io.patella.jobs.files;

import io.patella.cohort.Grade;
import io.patella.cohort.Part;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.Parts;
import io.patella.cohort.split.Patient;
import io.patella.cohort.split.PatientSplit;
import io.patella.cohort.split.SplitReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** {@code patella split --images}: the split for anybody's table. Columns patient_id, image_id, grade, optionally pixel_sha256. */
public final class SplitFile {
    private SplitFile() {}

    /**
     * Counts over the three parts.
     *
     * @param train in train
     * @param validation in validation
     * @param test in test
     */
    public record Sizes(int train, int validation, int test) {
        static Sizes of(SplitReport report, ToIntFunction<SplitReport.PartCounts> count) {
            return new Sizes(
                    count.applyAsInt(report.part(Part.TRAIN)),
                    count.applyAsInt(report.part(Part.VALIDATION)),
                    count.applyAsInt(report.part(Part.TEST)));
        }
    }

    /** Patients of one stratum over the three parts. */
    public record Stratum(int stratum, int train, int validation, int test) {}

    /**
     * What the command answers with {@code --json}.
     *
     * @param patients patients per part
     * @param images pictures per part
     * @param strata patients per stratum and part; strata without patients are left out
     * @param linked how many patients share an identical picture with another one and were kept with it
     * @param seed the seed
     * @param notes where linked patients made the exact sizes unreachable: by how much
     */
    public record Answer(
            Sizes patients, Sizes images, List<Stratum> strata, int linked, long seed, List<String> notes) {
        /** For a terminal. */
        public String text() {
            TextTable table = new TextTable("", "train", "validation", "test");
            table.row("patients", patients.train, patients.validation, patients.test);
            table.row("images", images.train, images.validation, images.test);
            strata.forEach(each ->
                    table.row("patients, highest grade " + each.stratum, each.train, each.validation, each.test));
            String linkedLine = linked == 0 ? "" : "\n" + linked + " patients share a picture and stay together";
            return table.text() + linkedLine + (notes.isEmpty() ? "" : "\n" + String.join("\n", notes)) + "\n";
        }
    }

    /** Reads {@code images}, splits, writes {@code patient_id, stratum, part} to {@code out}, and counts. */
    public static Answer run(Path images, Path out, PatientSplit split) {
        List<Patient> patients = read(images);
        Parts parts = split.assign(patients);
        SplitReport report = SplitReport.of(patients, parts).demandByPatient();
        CsvOut.write(
                out,
                List.of("patient_id", "stratum", "part"),
                parts.assignments().stream()
                        .map(each -> List.of(
                                each.patientId(), each.stratum(), each.part().word()))
                        .toList());
        return answer(report, parts, split.seed());
    }

    /** The counts of a split, as the command answers them. */
    public static Answer answer(SplitReport report, Parts parts, long seed) {
        List<Stratum> strata = new ArrayList<>();
        for (int s = 0; s < Grade.COUNT; s++) {
            int stratum = s;
            Sizes cells = Sizes.of(report, part -> part.patientsPerStratum().get(stratum));
            if (cells.train + cells.validation + cells.test > 0) {
                strata.add(new Stratum(s, cells.train, cells.validation, cells.test));
            }
        }
        return new Answer(
                Sizes.of(report, SplitReport.PartCounts::patients),
                Sizes.of(report, SplitReport.PartCounts::images),
                strata,
                parts.linkedPatients(),
                seed,
                parts.notes());
    }

    private static List<Patient> read(Path images) {
        FileTable table = FileTable.read(images)
                .require("patient_id", "image_id", "grade")
                .unique("image_id");
        String[] patient = table.text("patient_id");
        String[] image = table.text("image_id");
        int[] grade = table.grade("grade");
        String[] pixels = table.has("pixel_sha256") ? table.textOrEmpty("pixel_sha256") : new String[0];
        List<GradedImage> rows = new ArrayList<>(table.rows());
        for (int row = 0; row < table.rows(); row++) {
            rows.add(new GradedImage(image[row], patient[row], grade[row], pixels.length == 0 ? null : pixels[row]));
        }
        return Patient.from(rows);
    }
}
