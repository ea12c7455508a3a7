/**
 * Turns readings into reference grades. Uses {@code io.patella.cohort} only.
 *
 * <p>Start at {@link io.patella.cohort.consensus.Protocol}: {@code Protocol.CROSSOVER.decide(imageId, readings)} gives a
 * {@link io.patella.cohort.consensus.Consensus}, kept or dropped, with a {@link io.patella.cohort.consensus.Reason}.
 * {@link io.patella.cohort.consensus.ConsensusTable} does a whole table and counts. Readings are never thrown away.
 */
@NullMarked
package io.patella.cohort.consensus;

import org.jspecify.annotations.NullMarked;
