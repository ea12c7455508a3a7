package io.patella.cohort.split;

import io.patella.cohort.Part;
import java.io.Serializable;

/**
 * A picture in the part where somebody's split has it; whether that split is one by patient is for {@link SplitReport} to
 * find out.
 *
 * @param image the picture
 * @param part where it is
 */
public record PlacedImage(GradedImage image, Part part) implements Serializable {}
