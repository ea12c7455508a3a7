package io.patella.jobs.files;

import io.patella.cohort.InputException;
import io.patella.engine.OpenedBundle;
import io.patella.imaging.PngWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Grad-CAM overlays of graded files, each under its file's name. */
public final class HeatmapFiles {
    private final Path folder;

    private HeatmapFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * A folder for the overlays of these files; made when missing.
     *
     * @throws InputException when two of the files would have the same overlay, or an overlay would overwrite one of them
     */
    public static HeatmapFiles in(Path folder, List<String> files) {
        Map<String, String> byName = new HashMap<>();
        for (String file : files) {
            String other = byName.putIfAbsent(name(file), file);
            if (other != null && !other.equals(file)) {
                throw new InputException(
                        "--heatmap",
                        "two files have the same name, hence the same overlay",
                        other + " and " + file,
                        "grade them in two calls with two folders");
            }
            Path overlay = folder.resolve(name(file) + ".png").toAbsolutePath().normalize();
            if (overlay.equals(Path.of(file).toAbsolutePath().normalize())) {
                throw new InputException(
                        "--heatmap", "an overlay would overwrite its picture", file, "give another folder");
            }
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException("--heatmap", "cannot be made", folder, e.toString());
        }
        return new HeatmapFiles(folder);
    }

    /** Writes the overlays of one file: of the whole knee, and of its halves where the grader looks at them. */
    public void write(GradeFiles.Answer.Graded answer, OpenedBundle bundle) {
        for (OpenedBundle.Heatmap each :
                bundle.heatmaps(List.of(answer.picture())).get(0)) {
            Path file = folder.resolve(each.file(name(answer.file())));
            try {
                Files.write(file, PngWriter.write(each.overlay()));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file, e);
            }
        }
    }

    /** The file's name without folder and suffix. */
    private static String name(String file) {
        Path last = Path.of(file).getFileName();
        String name = last == null ? file : last.toString();
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? name : name.substring(0, dot);
    }
}
