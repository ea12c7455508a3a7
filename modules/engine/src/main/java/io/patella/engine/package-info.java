/**
 * Opens and runs programs on DJL.
 */
@NullMarked
package io.patella.engine;

import org.jspecify.annotations.NullMarked;
