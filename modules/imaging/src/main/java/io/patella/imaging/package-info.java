/**
 * Pictures: one file's bytes become canonical 8-bit gray or a typed reason why not. Uses the JDK and its codecs; knows neither
 * Spark nor tables.
 *
 * <p>Start at {@link io.patella.imaging.Decoder}; its answer is a {@link io.patella.imaging.Decoded}. A
 * {@link io.patella.imaging.Gray8} then goes through {@link io.patella.imaging.Deletterbox} and
 * {@link io.patella.imaging.QualityFlags}; {@link io.patella.imaging.PictureBytes} is how it lies in the tables. Synthetic
 * knees live in {@code imaging.phantom}.
 *
 * <pre>{@code Decoded decoded = Decoder.strict().decode(Files.readAllBytes(file));}</pre>
 */
@NullMarked
package io.patella.imaging;

import org.jspecify.annotations.NullMarked;
