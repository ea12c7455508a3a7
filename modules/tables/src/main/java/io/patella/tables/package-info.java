/**
 * The warehouse: Iceberg tables in the namespace {@code patella.knee}, opened, read and appended to through Spark.
 *
 * <p>May use {@code io.patella.cohort} and Spark. Start at {@link io.patella.tables.Warehouse}; what stands in the tables
 * is written down in {@code tables.row}, one record a table; the views are the SQL files beside this package.
 *
 * <pre>{@code
 * Warehouse warehouse = Warehouse.open(spark);
 * warehouse.append(ReadingRow.TABLE, readings);
 * }</pre>
 */
@NullMarked
package io.patella.tables;

import org.jspecify.annotations.NullMarked;
