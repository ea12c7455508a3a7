package io.patella.jobs.job.report;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.imaging.Gray8;
import io.patella.imaging.PictureBytes;
import io.patella.imaging.PngWriter;
import io.patella.report.facts.Pictures;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which radiographs the page shows: examples per grade, the worst errors, heat maps that lie in a folder. */
public final class PictureFacts {
    private static final int EXAMPLES = 6;
    private static final int FAILURES = 8;
    private static final int HEATMAPS = 3;

    /** Longer sides are shrunk to this many pixels: the page shows small pictures and must stay small. */
    private static final int LONGEST_SIDE = 224;

    private final CohortRows cohort;
    private final Map<String, Pictures.Picture> pictures;
    private final @Nullable Path heatmaps;

    private PictureFacts(CohortRows cohort, Map<String, Pictures.Picture> pictures, @Nullable Path heatmaps) {
        this.cohort = cohort;
        this.pictures = pictures;
        this.heatmaps = heatmaps;
    }

    /**
     * Reads the pictures that will be shown, and no others.
     *
     * @param worst image ids of the errors to show
     * @param heatmaps folder with {@code IMAGE_ID.png} overlays; null for none
     */
    static PictureFacts read(
            Warehouse warehouse, CohortRows cohort, Collection<String> worst, @Nullable Path heatmaps) {
        Set<String> wanted = new LinkedHashSet<>(worst);
        for (int grade = 0; grade < Grade.COUNT; grade++) {
            examples(cohort, grade).forEach(row -> wanted.add(row.imageId()));
            if (heatmaps != null) {
                mapped(cohort, grade, heatmaps).forEach(row -> wanted.add(row.imageId()));
            }
        }
        Map<String, Pictures.Picture> pictures = new HashMap<>();
        warehouse
                .collect(
                        PictureRow.TABLE,
                        warehouse
                                .read(PictureRow.TABLE, cohort.cohort())
                                .where(col("image_id").isin(wanted.toArray())))
                .forEach(row -> pictures.put(row.imageId(), Pictures.Picture.png(row.imageId(), png(row))));
        return new PictureFacts(cohort, pictures, heatmaps);
    }

    private static byte[] png(PictureRow row) {
        return PngWriter.write(shrunk(decoded(row.encoding(), row.width(), row.height(), row.bytes())));
    }

    /** A picture as the table {@code pictures} holds it. */
    public static Gray8 decoded(String encoding, int width, int height, byte[] bytes) {
        return encoding.equals(PictureRow.GRAY) ? new Gray8(width, height, bytes) : PictureBytes.decode(bytes);
    }

    /** Each pixel the mean of those that it takes the place of; smaller pictures stay as they are. */
    static Gray8 shrunk(Gray8 picture) {
        int longest = Math.max(picture.width(), picture.height());
        if (longest <= LONGEST_SIDE) {
            return picture;
        }
        int width = Math.max(1, picture.width() * LONGEST_SIDE / longest);
        int height = Math.max(1, picture.height() * LONGEST_SIDE / longest);
        byte[] small = new byte[width * height];
        for (int r = 0; r < height; r++) {
            int top = r * picture.height() / height;
            int bottom = (r + 1) * picture.height() / height;
            for (int c = 0; c < width; c++) {
                int left = c * picture.width() / width;
                int right = (c + 1) * picture.width() / width;
                long sum = 0;
                for (int y = top; y < bottom; y++) {
                    for (int x = left; x < right; x++) {
                        sum += picture.at(y, x);
                    }
                }
                long pixels = (long) (bottom - top) * (right - left);
                small[r * width + c] = (byte) ((sum + pixels / 2) / pixels);
            }
        }
        return new Gray8(width, height, small);
    }

    /** Radiographs without a quality flag, in the order of their pixels' hash: arbitrary, yet the same every time. */
    private static List<RadiographRow> examples(CohortRows cohort, int grade) {
        return cohort.radiographs().stream()
                .filter(row -> !row.inverted() && !row.overExposed() && !row.bars())
                .filter(row -> reference(cohort, row) == grade)
                .sorted(Comparator.comparing(RadiographRow::pixelSha256).thenComparing(RadiographRow::imageId))
                .limit(EXAMPLES)
                .toList();
    }

    private static int reference(CohortRows cohort, RadiographRow row) {
        ReferenceGradeRow reference = cohort.references().get(row.imageId());
        return reference == null ? -1 : reference.grade();
    }

    Optional<Pictures.Examples> examples() {
        List<Pictures.Strip> strips = new ArrayList<>();
        for (int grade = 0; grade < Grade.COUNT; grade++) {
            List<Pictures.Picture> strip = new ArrayList<>();
            for (RadiographRow row : examples(cohort, grade)) {
                Pictures.Picture picture = pictures.get(row.imageId());
                if (picture != null) {
                    strip.add(picture);
                }
            }
            if (!strip.isEmpty()) {
                strips.add(new Pictures.Strip(grade, strip));
            }
        }
        return strips.isEmpty() ? Optional.empty() : Optional.of(new Pictures.Examples(cohort.cohort(), strips));
    }

    /** Errors of two grades or more, the farthest and surest first; when there are none, the surest of all errors. */
    static List<Prediction> worst(List<Prediction> rows) {
        return rows.stream()
                .filter(row -> row.predicted() != row.grade())
                .sorted(Comparator.<Prediction>comparingInt(row -> -Math.abs(row.predicted() - row.grade()))
                        .thenComparingDouble(row -> -confidence(row))
                        .thenComparing(Prediction::imageId))
                .limit(FAILURES)
                .toList();
    }

    private static double confidence(Prediction row) {
        Distribution distribution = row.distribution();
        return distribution == null ? 0 : distribution.toArray()[row.predicted()];
    }

    Optional<Pictures.Failures> failures(String part, String model, List<Prediction> rows) {
        List<Pictures.Failure> failures = new ArrayList<>();
        for (Prediction row : worst(rows)) {
            Pictures.Picture picture = pictures.get(row.imageId());
            if (picture != null) {
                Distribution distribution = row.distribution();
                List<Double> p = new ArrayList<>();
                if (distribution != null) {
                    for (double each : distribution.toArray()) {
                        p.add(each);
                    }
                }
                failures.add(new Pictures.Failure(picture, overlay(row.imageId()), row.grade(), row.predicted(), p));
            }
        }
        return failures.isEmpty()
                ? Optional.empty()
                : Optional.of(new Pictures.Failures(cohort.cohort(), part, model, failures));
    }

    /** A grid of those radiographs that have an overlay in the folder. */
    Optional<Pictures.HeatmapGrid> heatmaps(String model, List<Prediction> rows) {
        if (heatmaps == null) {
            return Optional.empty();
        }
        Map<String, Integer> predicted = new HashMap<>();
        rows.forEach(row -> predicted.put(row.imageId(), row.predicted()));
        List<Pictures.HeatmapRow> grid = new ArrayList<>();
        for (int grade = 0; grade < Grade.COUNT; grade++) {
            List<Pictures.Heatmap> shown = new ArrayList<>();
            for (RadiographRow row : mapped(cohort, grade, heatmaps)) {
                Pictures.Picture picture = pictures.get(row.imageId());
                Pictures.Picture overlay = overlay(row.imageId());
                Integer given = predicted.get(row.imageId());
                if (picture != null && overlay != null && given != null) {
                    shown.add(new Pictures.Heatmap(picture, overlay, given));
                }
            }
            if (!shown.isEmpty()) {
                grid.add(new Pictures.HeatmapRow(grade, shown));
            }
        }
        return grid.isEmpty() ? Optional.empty() : Optional.of(new Pictures.HeatmapGrid(cohort.cohort(), model, grid));
    }

    private static List<RadiographRow> mapped(CohortRows cohort, int grade, Path folder) {
        return cohort.radiographs().stream()
                .filter(row -> reference(cohort, row) == grade)
                .filter(row -> file(folder, row.imageId()) != null)
                .limit(HEATMAPS)
                .toList();
    }

    private Pictures.@Nullable Picture overlay(String image) {
        Path file = heatmaps == null ? null : file(heatmaps, image);
        if (file == null) {
            return null;
        }
        try {
            return Pictures.Picture.png(image, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ids are free text: one that would leave the folder has no file. */
    private static @Nullable Path file(Path folder, String image) {
        if (!Files.isDirectory(folder)) {
            throw new InputException("--heatmaps", "no such folder", folder, "patella grade --heatmap makes one");
        }
        Path file = folder.resolve(image.replaceAll("[/\\\\]", "_") + ".png");
        return Files.isRegularFile(file) ? file : null;
    }
}
