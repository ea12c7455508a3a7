package io.patella.jobs.files;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.patella.cohort.Part;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.PlacedImage;
import io.patella.cohort.split.SplitReport;
import io.patella.statistics.audit.AuditedImage;
import io.patella.statistics.audit.LeakageAudit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code patella audit --images}: does anybody's split leak? Columns image_id, patient_id, grade, part and, where there,
 * pixel_sha256 and perceptual_hash (16 hexadecimal digits).
 */
public final class AuditFile {
    private static final int LISTED = 20;

    private AuditFile() {}

    /**
     * What the command answers with {@code --json}.
     *
     * @param clean whether no patient and no identical picture is in two parts
     * @param madeBy what the split was made over: patient, image, neither, cannot be told
     * @param patients patients per part
     * @param images pictures per part
     * @param straddlingPatients patients in several parts
     * @param straddlingExpectedByImage how many a split by image would have there on average
     * @param identicalAcrossParts groups of identical pictures in several parts
     * @param identicalAcrossPatients groups of identical pictures under several patients
     * @param nearIdenticalThreshold largest Hamming distance that counts as nearly identical; null without hashes
     * @param nearIdenticalPairs pairs of nearly identical pictures of different patients or in different parts
     * @param examples the first twenty of each kind, as sentences
     * @param notes what could not be looked at
     */
    public record Answer(
            boolean clean,
            String madeBy,
            SplitFile.Sizes patients,
            SplitFile.Sizes images,
            int straddlingPatients,
            @JsonProperty("straddling_expected_by_image") double straddlingExpectedByImage,
            int identicalAcrossParts,
            int identicalAcrossPatients,
            @Nullable Integer nearIdenticalThreshold,
            long nearIdenticalPairs,
            List<String> examples,
            List<String> notes) {
        /** For a terminal. */
        public String text() {
            TextTable sizes = new TextTable("", "train", "validation", "test")
                    .row("patients", patients.train(), patients.validation(), patients.test())
                    .row("images", images.train(), images.validation(), images.test());
            TextTable found = new TextTable("found", "number")
                    .row("patients in several parts", straddlingPatients)
                    .row("(a split by image would have)", String.format(Locale.ROOT, "%.1f", straddlingExpectedByImage))
                    .row("identical pictures in several parts", identicalAcrossParts)
                    .row("identical pictures under several patients", identicalAcrossPatients)
                    .row("nearly identical pairs to look at", nearIdenticalPairs);
            String lists = (examples.isEmpty() ? "" : "\n" + String.join("\n", examples) + "\n")
                    + (notes.isEmpty() ? "" : "\n" + String.join("\n", notes) + "\n");
            return (clean ? "no leak found" : "this split leaks") + "; made by: " + madeBy + "\n\n" + sizes.text()
                    + "\n" + found.text() + lists;
        }
    }

    /** Reads the table and audits it. */
    public static Answer run(Path images) {
        FileTable table = FileTable.read(images)
                .require("image_id", "patient_id", "grade", "part")
                .unique("image_id");
        return answer(LeakageAudit.of(read(table)), table.has("pixel_sha256"), table.has("perceptual_hash"));
    }

    private static Answer answer(LeakageAudit audit, boolean pixels, boolean hashes) {
        SplitReport report = audit.report();
        List<String> examples = new ArrayList<>();
        report.straddling().stream().limit(LISTED).forEach(each -> examples.add(each.sentence()));
        report.shared().stream().limit(LISTED).forEach(each -> examples.add(each.sentence()));
        audit.samePictures().stream()
                .limit(LISTED)
                .forEach(each -> examples.add("pictures " + String.join(", ", each.imageIds())
                        + " are identical and filed under patients " + String.join(", ", each.patientIds())));
        audit.near().stream()
                .limit(LISTED)
                .forEach(each -> examples.add(
                        "pictures " + each.oneImage() + " (" + each.onePart().word() + ") and "
                                + each.otherImage() + " (" + each.otherPart().word() + ") differ in " + each.distance()
                                + " of 64 bits"));
        List<String> notes = new ArrayList<>();
        if (!pixels) {
            notes.add("no column pixel_sha256: identical pictures were not looked for");
        }
        if (!hashes) {
            notes.add("no column perceptual_hash: nearly identical pictures were not looked for");
        }
        return new Answer(
                report.isByPatient(),
                audit.madeBy().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                SplitFile.Sizes.of(report, SplitReport.PartCounts::patients),
                SplitFile.Sizes.of(report, SplitReport.PartCounts::images),
                report.straddling().size(),
                audit.straddlingExpected(),
                report.shared().size(),
                audit.samePictures().size(),
                audit.threshold() < 0 ? null : audit.threshold(),
                audit.nearPairs(),
                examples,
                notes);
    }

    private static List<AuditedImage> read(FileTable table) {
        String[] image = table.text("image_id");
        String[] patient = table.text("patient_id");
        int[] grade = table.grade("grade");
        Part[] part = table.part("part");
        String @Nullable [] pixels = table.has("pixel_sha256") ? table.textOrEmpty("pixel_sha256") : null;
        String @Nullable [] hashes = table.has("perceptual_hash") ? table.textOrEmpty("perceptual_hash") : null;
        RowProblems problems = table.problems();
        List<AuditedImage> rows = new ArrayList<>(table.rows());
        for (int row = 0; row < table.rows(); row++) {
            Long hash = null;
            if (hashes != null && !hashes[row].isEmpty()) {
                if (hashes[row].matches("[0-9a-fA-F]{16}")) {
                    hash = Long.parseUnsignedLong(hashes[row], 16);
                } else {
                    problems.add(row, "perceptual_hash", "not 64 bits", hashes[row], "write 16 hexadecimal digits");
                }
            }
            GradedImage graded =
                    new GradedImage(image[row], patient[row], grade[row], pixels == null ? null : pixels[row]);
            rows.add(new AuditedImage(new PlacedImage(graded, part[row]), hash));
        }
        problems.refuseIfAny();
        return rows;
    }
}
