/**
 * One record per table, and beside it the table's definition: columns with their comments, key, partitioning, and how a
 * record becomes a row and back. May use {@code io.patella.cohort} and Spark's types. Start at
 * {@link io.patella.tables.row.RadiographRow}; {@link io.patella.tables.row.Tables} lists them all,
 * {@link io.patella.tables.row.TableDefinition} is what they share.
 */
@NullMarked
package io.patella.tables.row;

import org.jspecify.annotations.NullMarked;
