/**
 * One class per job; a job's word is its command, its table and its page. The order of the data is
 * {@code ingest, consensus, split, train, grade, evaluate, report}.
 */
@NullMarked
package io.patella.jobs.job;

import org.jspecify.annotations.NullMarked;
