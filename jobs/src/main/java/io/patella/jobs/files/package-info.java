/**
 * Commands over plain files: CSV or Parquet in, one JSON object or a CSV out, as other programs rely on. No Spark here, so
 * that an answer takes no longer than reading the file.
 */
@NullMarked
package io.patella.jobs.files;

import org.jspecify.annotations.NullMarked;
