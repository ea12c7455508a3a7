package io.patella.jobs.conf;

import io.patella.cohort.InputException;
import io.patella.imaging.Decoder;
import io.patella.imaging.Scaling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a source is read; conf/ingest/standard.yaml says what each key means.
 *
 * @param imageId {@link #AUTO}, {@link #NAME} or {@link #FILE_HASH}
 */
public record IngestConf(
        String splitName,
        String reader,
        String imageId,
        long maxPixels,
        @Nullable String window,
        boolean fullRange,
        Columns columns) {
    /** The manifest's image column, or the file's hash where readers are named, or the file's name. */
    public static final String AUTO = "auto";

    /** A picture is known by its file's name without the suffix. */
    public static final String NAME = "name";

    /** A picture is known by its file's hash: the same picture under several names is one. */
    public static final String FILE_HASH = "file-hash";

    /** The manifest's columns; null where it has none. */
    public record Columns(
            String path,
            @Nullable String image,
            @Nullable String patient,
            @Nullable String laterality,
            @Nullable String visit,
            @Nullable String hospital,
            @Nullable String device,
            @Nullable String grade,
            @Nullable String reader,
            @Nullable String stage,
            @Nullable String part) {}

    public IngestConf {
        if (!List.of(AUTO, NAME, FILE_HASH).contains(imageId)) {
            throw new InputException("image-id", "no such rule", imageId, "use auto, name or file-hash");
        }
        if (maxPixels < 1 || maxPixels > Integer.MAX_VALUE - 8) {
            throw new InputException("max-pixels", "not a number of pixels", maxPixels, "use 1 to 2147483639");
        }
        if (window != null && fullRange) {
            throw new InputException("window", "given beside full-range", window, "choose one of the two");
        }
        scaling(window, fullRange);
    }

    /** What conf/ingest/standard.yaml says. */
    public static IngestConf standard() {
        return new IngestConf(
                "chen2019",
                "published",
                AUTO,
                Decoder.MOST_PIXELS,
                null,
                false,
                new Columns(
                        "path",
                        "image",
                        "patient",
                        "laterality",
                        "visit",
                        "hospital",
                        "device",
                        "grade",
                        "reader",
                        "stage",
                        "part"));
    }

    /**
     * {@link #standard()} with some keys changed.
     *
     * @param overrides texts {@code key=value}
     */
    public static IngestConf standard(List<String> overrides) {
        return overrides.isEmpty()
                ? standard()
                : Conf.parse(Conf.text(standard()), "--set", IngestConf.class, overrides);
    }

    /** The decoder that the conf asks for. */
    public Decoder decoder() {
        return new Decoder(scaling(window, fullRange), maxPixels);
    }

    private static Scaling scaling(@Nullable String window, boolean fullRange) {
        if (window == null) {
            return fullRange ? new Scaling.FullRange() : new Scaling.Refuse();
        }
        String[] ends = window.split(":", -1);
        try {
            return new Scaling.Window(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        } catch (NumberFormatException e) {
            throw new InputException("window", "no window", window, "write LOW:HIGH with 0 <= LOW < HIGH <= 65535");
        }
    }
}
