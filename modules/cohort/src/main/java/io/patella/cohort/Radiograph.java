package io.patella.cohort;

import org.jspecify.annotations.Nullable;

/**
 * One picture of one knee (or of both), as far as cohort logic needs it; pixels live elsewhere.
 *
 * @param imageId unique in the cohort
 * @param patientId whose knee
 * @param laterality which knee
 * @param visit months since baseline or whatever the cohort calls a visit; null when there is but one
 * @param pixelSha256 SHA-256 (64 hex digits) of the canonical 8-bit pixels: equal means the identical picture
 */
public record Radiograph(
        String imageId,
        String patientId,
        Laterality laterality,
        @Nullable String visit,
        String pixelSha256) {}
