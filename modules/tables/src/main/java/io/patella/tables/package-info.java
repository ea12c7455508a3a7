/**
 * Iceberg tables: schemas, catalog, readers and writers, views.
 */
@NullMarked
package io.patella.tables;

import org.jspecify.annotations.NullMarked;
