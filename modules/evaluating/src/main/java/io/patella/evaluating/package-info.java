/**
 * Grades in, figures out, across executors.
 */
@NullMarked
package io.patella.evaluating;

import org.jspecify.annotations.NullMarked;
