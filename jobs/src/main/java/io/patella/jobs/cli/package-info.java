/**
 * The command line: one class per command, options only. A command calls one class of {@code jobs.job} (tables, Spark) or
 * of {@code jobs.files} (plain files, no Spark). Start at {@link io.patella.jobs.cli.Patella}.
 */
@NullMarked
package io.patella.jobs.cli;

import org.jspecify.annotations.NullMarked;
