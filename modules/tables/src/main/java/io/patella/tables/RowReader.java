package io.patella.tables;

import io.patella.tables.row.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.spark.sql.Row;

/** Reads small tables on the driver, without a Spark job: a first plan and job cost more than tens of thousands of rows. */
final class RowReader {
    private static final long MOST_ROWS = 1_000_000;
    private static final long MOST_FILES = 100;

    private RowReader() {}

    /** Whether reading {@code snapshot} here, file after file, is sooner done than by a job. */
    static boolean suits(Snapshot snapshot) {
        return PropertyUtil.propertyAsLong(snapshot.summary(), SnapshotSummary.TOTAL_RECORDS_PROP, Long.MAX_VALUE)
                        <= MOST_ROWS
                && PropertyUtil.propertyAsLong(
                                snapshot.summary(), SnapshotSummary.TOTAL_DATA_FILES_PROP, Long.MAX_VALUE)
                        <= MOST_FILES;
    }

    /**
     * The rows of the table's current snapshot that meet {@code condition}.
     *
     * @param columns of the rows, in their order; those that the table lacks are null
     */
    static List<Row> read(Table table, List<String> columns, Expression condition, Set<String> conditionColumns) {
        Set<String> needed = new LinkedHashSet<>(columns);
        needed.addAll(conditionColumns);
        List<Types.NestedField> fields = needed.stream()
                .map(table.schema()::findField)
                .filter(field -> field != null)
                .toList();
        List<String> found = fields.stream().map(Types.NestedField::name).toList();
        int[] places = columns.stream().mapToInt(found::indexOf).toArray();
        List<Row> rows = new ArrayList<>();
        try (CloseableIterable<Record> records = IcebergGenerics.read(table)
                .project(new Schema(fields))
                .where(condition)
                .build()) {
            for (Record record : records) {
                Object[] cells = new Object[places.length];
                for (int i = 0; i < cells.length; i++) {
                    cells[i] = places[i] < 0 ? null : record.get(places[i]);
                }
                rows.add(TableDefinition.row(cells));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }
}
