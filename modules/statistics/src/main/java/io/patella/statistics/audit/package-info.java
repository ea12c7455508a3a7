/**
 * Audits: whether a paper's printed figures can all be true at once, and whether a cohort's split leaks. Uses
 * {@code cohort} and commons-math.
 *
 * <p>Start at {@link io.patella.statistics.audit.PaperAudit}, which checks {@link io.patella.statistics.audit.PaperClaims}
 * and gives {@link io.patella.statistics.audit.Finding}s with their arithmetic;
 * {@link io.patella.statistics.audit.LeakageAudit} looks for patients and pictures on both sides of a split.
 */
@NullMarked
package io.patella.statistics.audit;

import org.jspecify.annotations.NullMarked;
