package io.patella.tables;

import io.patella.cohort.InputException;
import io.patella.tables.row.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.io.FanoutDataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes records into new data files of a table with Iceberg's own writers, on the driver or inside a task: one file a
 * partition, and another where the table's target size is reached. Nobody reads them before {@link Warehouse#commit}. No two
 * writers use one name, so that a task which was killed, or ran twice, leaves at worst a file that no table knows.
 *
 * @param <T> the table's record
 */
public final class RowWriter<T extends Record> implements AutoCloseable {
    private final TableDefinition<T> definition;
    private final Table table;
    private final int[] places;
    private final GenericRecord row;
    private final InternalRecordWrapper partitioned;
    private final PartitionKey partition;
    private final FanoutDataWriter<org.apache.iceberg.data.Record> writer;
    private boolean finished;

    /**
     * Opens a writer; no file is made before the first record.
     *
     * @param table of {@code definition}, from {@link Warehouse#table}, perhaps in another JVM
     * @throws InputException when the table lacks a column that is always filled
     */
    public RowWriter(TableDefinition<T> definition, Table table) {
        this.definition = definition;
        this.table = table;
        List<Types.NestedField> columns = table.schema().columns();
        List<String> names = columns.stream().map(Types.NestedField::name).toList();
        places = definition.columns().stream().mapToInt(names::indexOf).toArray();
        for (int i = 0; i < places.length; i++) {
            if (places[i] < 0 && !definition.schema().fields()[i].nullable()) {
                throw new InputException(
                        "table " + definition.name(),
                        "somebody dropped a column that every row fills",
                        definition.columns().get(i),
                        "put it back: alter table " + definition.name() + " add column");
            }
        }
        row = GenericRecord.create(table.schema());
        partitioned = new InternalRecordWrapper(table.schema().asStruct());
        partition = new PartitionKey(table.spec(), table.schema());
        FileFormat format = FileFormat.fromString(table.properties()
                .getOrDefault(TableProperties.DEFAULT_FILE_FORMAT, TableProperties.DEFAULT_FILE_FORMAT_DEFAULT));
        TaskContext task = TaskContext.get();
        OutputFileFactory files = OutputFileFactory.builderFor(
                        table, task == null ? 0 : task.partitionId(), task == null ? 0 : task.taskAttemptId())
                .format(format)
                .build();
        long targetBytes = PropertyUtil.propertyAsLong(
                table.properties(),
                TableProperties.WRITE_TARGET_FILE_SIZE_BYTES,
                TableProperties.WRITE_TARGET_FILE_SIZE_BYTES_DEFAULT);
        writer = new FanoutDataWriter<>(
                new GenericFileWriterFactory.Builder(table)
                        .dataFileFormat(format)
                        .dataSchema(table.schema())
                        .build(),
                files,
                table.io(),
                targetBytes);
    }

    /** Adds a row. */
    public void write(T record) {
        for (int i = 0; i < places.length; i++) {
            if (places[i] >= 0) { // who dropped a column that may be empty does not want it
                row.set(places[i], generic(definition.value(i, record)));
            }
        }
        partition.partition(partitioned.wrap(row));
        writer.write(row, table.spec(), partition);
    }

    /** Closes the files, which are now ready for {@link Warehouse#commit}; none when nothing was written. */
    public List<DataFile> finish() {
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        finished = true;
        return writer.result().dataFiles();
    }

    /** Deletes what was written, unless it was {@linkplain #finish finished}. */
    @Override
    public void close() {
        if (!finished) {
            discard(table, finish());
        }
    }

    /** Deletes files that will not be committed; one that cannot be deleted stays, and no table knows it. */
    public static void discard(Table table, List<DataFile> files) {
        for (DataFile file : files) {
            try {
                table.io().deleteFile(file.location());
            } catch (RuntimeException e) {
                // harmless; Iceberg's remove_orphan_files finds it
            }
        }
    }

    private static @Nullable Object generic(@Nullable Object value) {
        if (value instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        }
        return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
    }
}
