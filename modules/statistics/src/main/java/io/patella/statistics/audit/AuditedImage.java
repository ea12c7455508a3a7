package io.patella.statistics.audit;

import io.patella.cohort.split.PlacedImage;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A picture in somebody's split, as the leakage audit sees it.
 *
 * @param placed the picture and its part
 * @param perceptualHash 64 bits that change little when the picture changes little; null where unknown
 */
public record AuditedImage(PlacedImage placed, @Nullable Long perceptualHash) implements Serializable {}
