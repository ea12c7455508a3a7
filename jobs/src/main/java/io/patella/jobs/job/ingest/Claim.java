package io.patella.jobs.job.ingest;

import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a file's place or a manifest's row says about one picture; nothing of it has been held against the file yet.
 *
 * @param file the picture, absolute
 * @param imageId null: the picture is known by the hash of its file
 * @param patientId null: nobody says whose; the picture is its own patient
 * @param grade null when the row carries none
 * @param reader who gave the grade
 * @param stage of the reading protocol; null when it has none
 * @param part of a published split; null when there is none
 */
public record Claim(
        Path file,
        @Nullable String imageId,
        @Nullable String patientId,
        Laterality laterality,
        @Nullable String visit,
        @Nullable String hospital,
        @Nullable String device,
        @Nullable Integer grade,
        String reader,
        @Nullable String stage,
        @Nullable Part part) {
    /** The file as it stands in {@code source_uri}. */
    public String uri() {
        return file.toUri().toString();
    }
}
