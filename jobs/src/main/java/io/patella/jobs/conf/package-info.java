/**
 * YAML files become records here, strictly: unknown keys are errors, all of them at once, each with the nearest known key.
 * Start at {@link io.patella.jobs.conf.Conf}.
 */
@NullMarked
package io.patella.jobs.conf;

import org.jspecify.annotations.NullMarked;
