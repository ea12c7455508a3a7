@NullMarked
package io.patella.jobs.job.report;

import org.jspecify.annotations.NullMarked;
