package io.patella.jobs.files;

import io.patella.cohort.Part;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.PlacedImage;
import io.patella.statistics.audit.AuditedImage;
import io.patella.statistics.audit.LeakageAudit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code patella audit --images}: does anybody's split leak? Columns image_id, patient_id, grade, part and, where there,
 * pixel_sha256 and perceptual_hash (16 hexadecimal digits).
 */
public final class AuditFile {
    private AuditFile() {}

    /** Reads the table and audits it. */
    public static AuditAnswer run(Path images) {
        FileTable table = FileTable.read(images)
                .require("image_id", "patient_id", "grade", "part")
                .unique("image_id");
        List<String> notes = new ArrayList<>();
        if (!table.has("pixel_sha256")) {
            notes.add("no column pixel_sha256: identical pictures were not looked for");
        }
        if (!table.has("perceptual_hash")) {
            notes.add("no column perceptual_hash: nearly identical pictures were not looked for");
        }
        return AuditAnswer.of(LeakageAudit.of(read(table)), notes);
    }

    /** Somebody's split of a cohort that lies in the tables, picture by picture: columns image_id, part. */
    public static Map<String, Part> placements(Path file) {
        FileTable table = FileTable.read(file).require("image_id", "part").unique("image_id");
        String[] image = table.text("image_id");
        Part[] part = table.part("part");
        Map<String, Part> placements = new LinkedHashMap<>();
        for (int row = 0; row < table.rows(); row++) {
            placements.put(image[row], part[row]);
        }
        return placements;
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
