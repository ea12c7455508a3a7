package io.patella.jobs.job.ingest;

import io.patella.imaging.QuarantineReason;

/** A file or row on its way to {@code quarantine}. */
public record Refused(String uri, QuarantineReason reason, String detail) {}
