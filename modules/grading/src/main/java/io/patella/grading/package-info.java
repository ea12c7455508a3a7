/**
 * Radiographs in, grades out, on Spark executors.
 */
@NullMarked
package io.patella.grading;

import org.jspecify.annotations.NullMarked;
