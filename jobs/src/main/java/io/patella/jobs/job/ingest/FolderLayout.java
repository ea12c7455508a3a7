package io.patella.jobs.job.ingest;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.imaging.QuarantineReason;
import io.patella.jobs.conf.IngestConf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads grades, patients and readers out of folder and file names. Two layouts are told apart by what most files say:
 *
 * <ul>
 *   <li>{@code [<part>/]<grade>/<patient><L|R>.png}, as the OAI knees are published: the grade folder is a number;
 *   <li>{@code <reader>/<grade><name>/<any name>.jpg}, two or more readers of the same pictures: the grade folder is a number
 *       with a word, and a picture is known by its file's hash, since names differ between readers.
 * </ul>
 */
final class FolderLayout {
    private static final Pattern PICTURE = Pattern.compile("(?i).+\\.(png|jpe?g|tiff?)");
    private static final Pattern KNEE = Pattern.compile("(.+)([LR])");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
    private static final Pattern NUMBER_AND_WORD = Pattern.compile("(\\d{1,4})[ _-]*\\p{L}.*");

    private final Path root;
    private final IngestConf conf;
    private final List<Claim> claims = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();

    private FolderLayout(Path root, IngestConf conf) {
        this.root = root;
        this.conf = conf;
    }

    static Inventory list(Path folder, IngestConf conf) {
        Path root = folder.toAbsolutePath().normalize();
        List<Path> pictures = new ArrayList<>();
        int leftAlone = 0;
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile).sorted()::iterator) {
                if (PICTURE.matcher(name(file)).matches() && !name(file).startsWith(".")) {
                    pictures.add(file);
                } else {
                    leftAlone++;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new InputException("ingest", "folder cannot be listed", folder, String.valueOf(e.getMessage()));
        }
        if (pictures.isEmpty()) {
            throw new InputException(
                    "ingest",
                    "no pictures in this folder",
                    folder,
                    leftAlone + " other files; pictures end in .png, .jpg, .jpeg, .tif or .tiff");
        }
        FolderLayout layout = new FolderLayout(root, conf);
        long byNumber = pictures.stream()
                .filter(file -> NUMBER.matcher(gradeFolder(file)).matches())
                .count();
        long byWord = pictures.stream()
                .filter(file -> NUMBER_AND_WORD.matcher(gradeFolder(file)).matches())
                .count();
        if (2 * byNumber > pictures.size()) {
            pictures.forEach(layout::oneGradeAKnee);
            return layout.inventory("<part>/<grade>/<patient><L|R>", leftAlone);
        }
        if (2 * byWord > pictures.size()) {
            pictures.forEach(layout::severalReaders);
            return layout.inventory("<reader>/<grade name>/<name>", leftAlone);
        }
        throw new InputException(
                "ingest",
                "folder is laid out in no way known here",
                root.relativize(pictures.get(0)) + " and " + (pictures.size() - 1) + " more",
                "known are [<part>/]<grade>/<patient><L|R>.png and <reader>/<grade><name>/<name>.jpg; for anything else"
                        + " write a manifest: a CSV with columns path, patient, laterality, grade ... (conf/ingest)");
    }

    private Inventory inventory(String layout, int leftAlone) {
        return new Inventory(layout, claims, refused, leftAlone);
    }

    private void oneGradeAKnee(Path file) {
        List<String> folders = folders(file);
        Matcher knee = KNEE.matcher(stem(file));
        if (folders.isEmpty()
                || folders.size() > 2
                || !NUMBER.matcher(gradeFolder(file)).matches()) {
            refuse(
                    file,
                    QuarantineReason.UNEXPECTED_PLACE,
                    "not in a folder [<part>/]<grade> (move it, or use a manifest)");
            return;
        }
        @Nullable Part part = null;
        if (folders.size() == 2) {
            try {
                part = Part.parse(folders.get(0), "folder");
            } catch (InputException e) {
                refuse(file, QuarantineReason.UNEXPECTED_PLACE, String.valueOf(e.getMessage()));
                return;
            }
        }
        if (!knee.matches()) {
            refuse(
                    file,
                    QuarantineReason.UNKNOWN_PATIENT,
                    "the name is not <patient><L|R>: " + name(file) + " (rename it, or use a manifest)");
            return;
        }
        grade(file, gradeFolder(file), conf.reader(), stem(file), knee.group(1), knee.group(2), part);
    }

    private void severalReaders(Path file) {
        List<String> folders = folders(file);
        Matcher grade = NUMBER_AND_WORD.matcher(gradeFolder(file));
        if (folders.size() != 2 || !grade.matches()) {
            refuse(
                    file,
                    QuarantineReason.UNEXPECTED_PLACE,
                    "not in a folder <reader>/<grade><name> (move it, or use a manifest)");
            return;
        }
        grade(file, grade.group(1), folders.get(0), null, null, "U", null);
    }

    private void grade(
            Path file,
            String grade,
            String reader,
            @Nullable String imageId,
            @Nullable String patient,
            String laterality,
            @Nullable Part part) {
        int value = Integer.parseInt(grade);
        if (!Grade.isValid(value)) {
            refuse(file, QuarantineReason.GRADE_OUTSIDE_0_TO_4, "folder says grade " + grade + " (grades are 0 to 4)");
            return;
        }
        claims.add(new Claim(
                file,
                imageId,
                patient,
                Laterality.parse(laterality, "file name"),
                null,
                null,
                null,
                value,
                reader,
                null,
                part));
    }

    private void refuse(Path file, QuarantineReason reason, String detail) {
        refused.add(new Refused(file.toUri().toString(), reason, detail));
    }

    private List<String> folders(Path file) {
        List<String> names = new ArrayList<>();
        root.relativize(file).forEach(step -> names.add(step.toString()));
        return names.subList(0, names.size() - 1);
    }

    private static String gradeFolder(Path file) {
        Path parent = file.getParent();
        return parent == null ? "" : name(parent);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String stem(Path file) {
        String name = name(file);
        return name.substring(0, name.toLowerCase(Locale.ROOT).lastIndexOf('.'));
    }
}
