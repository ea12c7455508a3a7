package io.patella.jobs.job.ingest;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.imaging.QuarantineReason;
import io.patella.jobs.conf.IngestConf;
import io.patella.jobs.conf.IngestConf.Columns;
import io.patella.jobs.files.FileTable;
import io.patella.jobs.files.RowProblems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV or Parquet manifest: one row per picture and reading, paths relative to the manifest's folder, columns named by
 * the conf.
 */
final class Manifest {
    private Manifest() {}

    static Inventory read(Path file, IngestConf conf) {
        FileTable table = FileTable.read(file);
        Columns names = conf.columns();
        table.require(names.path());
        String[] paths = table.text(names.path());
        Column image = new Column(table, "image", names.image());
        Column patient = new Column(table, "patient", names.patient());
        Column laterality = new Column(table, "laterality", names.laterality());
        Column visit = new Column(table, "visit", names.visit());
        Column hospital = new Column(table, "hospital", names.hospital());
        Column device = new Column(table, "device", names.device());
        Column grade = new Column(table, "grade", names.grade());
        Column reader = new Column(table, "reader", names.reader());
        Column stage = new Column(table, "stage", names.stage());
        Column part = new Column(table, "part", names.part());
        boolean byHash = conf.imageId().equals(IngestConf.FILE_HASH)
                || (conf.imageId().equals(IngestConf.AUTO) && !image.isThere() && reader.isThere());
        Path folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
        List<Claim> claims = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        RowProblems problems = table.problems();
        for (int row = 0; row < table.rows(); row++) {
            Path picture;
            try {
                picture = folder.resolve(paths[row]).normalize();
            } catch (InvalidPathException e) {
                problems.add(
                        row, names.path(), "no path in this locale", paths[row], "mend the row, or set LC_ALL=C.UTF-8");
                continue;
            }
            String uri = picture.toUri().toString();
            @Nullable String gradeText = grade.at(row);
            @Nullable Integer value = gradeText == null ? null : wholeNumber(gradeText);
            if (gradeText != null && (value == null || !Grade.isValid(value))) {
                refused.add(new Refused(
                        uri,
                        QuarantineReason.GRADE_OUTSIDE_0_TO_4,
                        table.where(row, names.grade() + "") + ": grade " + gradeText + " (grades are 0 to 4)"));
                continue;
            }
            if (patient.isThere() && patient.at(row) == null) {
                refused.add(new Refused(
                        uri, QuarantineReason.UNKNOWN_PATIENT, table.where(row, names.patient() + "") + ": empty"));
                continue;
            }
            try {
                @Nullable String side = laterality.at(row);
                @Nullable String partText = part.at(row);
                claims.add(new Claim(
                        picture,
                        byHash ? null : image.isThere() ? image.at(row) : stem(picture),
                        patient.at(row),
                        side == null ? Laterality.UNKNOWN : Laterality.parse(side, "laterality"),
                        visit.at(row),
                        hospital.at(row),
                        device.at(row),
                        value,
                        reader.at(row) == null ? conf.reader() : String.valueOf(reader.at(row)),
                        stage.at(row),
                        partText == null ? null : Part.parse(partText, "part")));
            } catch (InputException e) {
                problems.add(row, "laterality or part", "not readable", String.valueOf(e.getMessage()), "mend the row");
            }
        }
        problems.refuseIfAny();
        return new Inventory("manifest " + file.getFileName(), claims, refused, 0);
    }

    /** 2 and 2.0 are 2; 2.5 and words are nothing. */
    private static @Nullable Integer wholeNumber(String text) {
        try {
            double value = Double.parseDouble(text);
            return value == Math.rint(value) && Math.abs(value) < 1000 ? (int) value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? name : name.substring(0, dot);
    }

    /** A column that may be absent; empty cells are null. */
    private static final class Column {
        private final String @Nullable [] values;

        /** A column mapped under its own word may be absent; one that somebody named otherwise must be there. */
        Column(FileTable table, String word, @Nullable String name) {
            if (name == null || (name.equals(word) && !table.has(name))) {
                values = null;
            } else {
                values = table.require(name).textOrEmpty(name);
            }
        }

        boolean isThere() {
            return values != null;
        }

        @Nullable
        String at(int row) {
            return values == null || values[row].isEmpty() ? null : values[row];
        }
    }
}
