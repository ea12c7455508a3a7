/**
 * Pictures: file to canonical 8-bit gray, deletterboxing, quality flags, phantoms. Uses the JDK and its codecs.
 */
@NullMarked
package io.patella.imaging;

import org.jspecify.annotations.NullMarked;
