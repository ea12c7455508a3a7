package io.patella.jobs.files;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.patella.cohort.split.SplitReport;
import io.patella.statistics.audit.LeakageAudit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an audit of one split answers with {@code --json}.
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
public record AuditAnswer(
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
    private static final int LISTED = 20;

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
                .row(
                        nearIdenticalThreshold == null
                                ? "nearly identical pairs (no hashes)"
                                : "nearly identical pairs to look at (at most " + nearIdenticalThreshold
                                        + " of 64 bits differ)",
                        nearIdenticalPairs);
        String lists = (examples.isEmpty() ? "" : "\n" + String.join("\n", examples) + "\n")
                + (notes.isEmpty() ? "" : "\n" + String.join("\n", notes) + "\n");
        return (clean ? "no leak found" : "this split leaks") + "; made by: " + madeBy + "\n\n" + sizes.text() + "\n"
                + found.text() + lists;
    }

    /** How an audit is told. */
    public static AuditAnswer of(LeakageAudit audit, List<String> notes) {
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
        return new AuditAnswer(
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
}
