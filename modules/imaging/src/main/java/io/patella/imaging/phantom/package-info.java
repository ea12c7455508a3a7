/**
 * Drawn knees: a joint that narrows and margins that grow with the Kellgren-Lawrence grade, seen through two hospitals. For
 * the demo and for tests; no patient ever had them. Uses the JDK and {@code io.patella.imaging}.
 *
 * <p>Start at {@link io.patella.imaging.phantom.PhantomCohort} (who), then {@link io.patella.imaging.phantom.KneeAnatomy}
 * (which knee), {@link io.patella.imaging.phantom.Hospital} (how it is photographed). Every picture has its own seed, so that
 * it is the same whatever else is drawn and by however many threads.
 *
 * <pre>{@code Gray8 picture = Hospital.A.photograph(cohort.knees().get(0), 224);}</pre>
 */
@NullMarked
package io.patella.imaging.phantom;

import org.jspecify.annotations.NullMarked;
