/**
 * From files to rows: what a folder or manifest claims about its pictures ({@link io.patella.jobs.job.ingest.Inventory}), what
 * executors find in the files ({@link io.patella.jobs.job.ingest.Looked}), and what of it becomes radiographs, readings and
 * parts ({@link io.patella.jobs.job.ingest.Admission}). The job is {@code IngestJob}.
 */
@NullMarked
package io.patella.jobs.job.ingest;

import org.jspecify.annotations.NullMarked;
