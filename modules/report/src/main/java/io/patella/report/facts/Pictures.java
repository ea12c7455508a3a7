package io.patella.report.facts;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Radiographs shown on the page, as PNG bytes. */
public final class Pictures {
    private Pictures() {}

    /**
     * A radiograph.
     *
     * @param imageId its id
     * @param base64 the bytes of a PNG file in base 64, as they stand in the page
     */
    public record Picture(String imageId, String base64) {
        /** From the bytes of a PNG file. */
        public static Picture png(String imageId, byte[] png) {
            return new Picture(imageId, Base64.getEncoder().encodeToString(png));
        }
    }

    /** Example radiographs of one cohort: a strip per grade. */
    public record Examples(String cohort, List<Strip> strips) {
        public Examples {
            strips = List.copyOf(strips);
        }
    }

    /** Examples of one reference grade. */
    public record Strip(int grade, List<Picture> pictures) {
        public Strip {
            pictures = List.copyOf(pictures);
        }
    }

    /** The worst errors of a model on a part of a cohort. */
    public record Failures(String cohort, String part, String model, List<Failure> failures) {
        public Failures {
            failures = List.copyOf(failures);
        }
    }

    /**
     * A misgraded radiograph.
     *
     * @param picture the radiograph
     * @param heatmap the same with Grad-CAM over it; null when there is none
     * @param reference reference grade
     * @param predicted the model's grade
     * @param distribution probabilities of grades 0..4; empty when the model gives none
     */
    public record Failure(
            Picture picture, @Nullable Picture heatmap, int reference, int predicted, List<Double> distribution) {
        public Failure {
            distribution = List.copyOf(distribution);
        }
    }

    /** Grad-CAM of representative radiographs: one row per grade. */
    public record HeatmapGrid(String cohort, String model, List<HeatmapRow> rows) {
        public HeatmapGrid {
            rows = List.copyOf(rows);
        }
    }

    /** Radiographs of one reference grade with what the model looked at. */
    public record HeatmapRow(int grade, List<Heatmap> heatmaps) {
        public HeatmapRow {
            heatmaps = List.copyOf(heatmaps);
        }
    }

    /** A radiograph, its overlay and the model's grade. */
    public record Heatmap(Picture picture, Picture overlay, int predicted) {}
}
