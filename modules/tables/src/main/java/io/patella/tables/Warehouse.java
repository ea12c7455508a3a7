package io.patella.tables;

import static io.patella.tables.row.TableDefinition.CATALOG;
import static io.patella.tables.row.TableDefinition.NAMESPACE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.patella.cohort.InputException;
import io.patella.tables.row.TableDefinition;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.types.StructField;

/**
 * The tables of one warehouse, through one Spark session.
 *
 * <p>Every write is one Iceberg commit: readers see all of it or nothing, and a job killed in the middle leaves the last
 * commit. A read sees the table as it is at the moment of the call and keeps seeing just that, whatever is written
 * meanwhile. The warehouse remembers which snapshots it read and wrote, for the {@code runs} row. Safe for use by several
 * threads as far as the session is.
 */
public final class Warehouse {
    private static final int OPENING_ATTEMPTS = 6;
    private static final String APPEND = "patella.append";

    private final SparkSession spark;
    private final Map<String, Long> snapshotsRead = new LinkedHashMap<>();
    private final Map<String, Long> snapshotsWritten = new LinkedHashMap<>();

    private Warehouse(SparkSession spark) {
        this.spark = spark;
    }

    /**
     * Opens the warehouse that the session's catalog {@code patella} names, and makes whatever it lacks: folder (closed
     * to others), namespace, tables, columns added since it was made, views. Afterwards unqualified names in the
     * session's SQL mean the tables and views here.
     *
     * @throws InputException when the session has no catalog {@code patella}, or a newer Patella wrote the warehouse
     */
    public static Warehouse open(SparkSession spark) {
        SparkSession.setActiveSession(spark); // catalogs take their configuration from the active session
        bringUpToDate(spark);
        spark.catalog().setCurrentCatalog(CATALOG);
        spark.catalog().setCurrentDatabase(NAMESPACE);
        return new Warehouse(spark);
    }

    /**
     * As {@link #open} for commands that only read: a local warehouse folder that is not there is an error, not made.
     *
     * @throws InputException when there is no warehouse
     */
    public static Warehouse openExisting(SparkSession spark) {
        new Migration(spark).demandFolder();
        return open(spark);
    }

    /** Who opens a new catalog at the same moment as another may find its schema half made, and tries again. */
    private static void bringUpToDate(SparkSession spark) {
        for (int attempt = 1; ; attempt++) {
            try {
                new Migration(spark).bringUpToDate();
                return;
            } catch (UncheckedSQLException | CommitFailedException e) {
                if (attempt == OPENING_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(attempt * 200_000_000L);
            }
        }
    }

    /** The session that the warehouse was opened with. */
    public SparkSession spark() {
        return spark;
    }

    /** All rows of a table, columns in the definition's order. */
    public Dataset<Row> read(TableDefinition<?> definition) {
        Table table = load(definition);
        Snapshot snapshot = table.currentSnapshot();
        if (snapshot == null) {
            return spark.createDataFrame(List.of(), definition.schema());
        }
        remember(definition, snapshot);
        Dataset<Row> rows =
                spark.read().option("versionAsOf", snapshot.snapshotId()).table(definition.identifier());
        List<String> present = Arrays.asList(rows.columns());
        Column[] columns = Arrays.stream(definition.schema().fields())
                .map(field -> present.contains(field.name())
                        ? col(field.name())
                        : lit(null).cast(field.dataType()).as(field.name()))
                .toArray(Column[]::new);
        return rows.select(columns);
    }

    /** The rows of one cohort, of a table that has a column {@code cohort}. */
    public Dataset<Row> read(TableDefinition<?> definition, String cohort) {
        return read(definition).where(col("cohort").equalTo(cohort));
    }

    /** The rows of one cohort whose {@code column} has one of {@code values}. */
    public Dataset<Row> read(TableDefinition<?> definition, String cohort, String column, Collection<String> values) {
        Dataset<Row> wanted =
                spark.createDataset(List.copyOf(values), Encoders.STRING()).toDF(column);
        return read(definition, cohort).join(wanted, column);
    }

    /** The rows of {@code rows}, as {@link #read} gave them, as records on the driver. */
    public <T extends Record> List<T> collect(TableDefinition<T> definition, Dataset<Row> rows) {
        return rows.collectAsList().stream().map(definition::toRecord).toList();
    }

    /** The rows of one cohort as records on the driver. */
    public <T extends Record> List<T> collect(TableDefinition<T> definition, String cohort) {
        return collect(definition, cohort, definition.columns()).stream()
                .map(definition::toRecord)
                .toList();
    }

    /** Some columns of the rows of one cohort, on the driver. */
    public List<Row> collect(TableDefinition<?> definition, String cohort, List<String> columns) {
        Table table = load(definition);
        Snapshot snapshot = table.currentSnapshot();
        if (snapshot == null) {
            return List.of(); // nothing was ever written
        }
        if (RowReader.suits(snapshot)) {
            remember(definition, snapshot);
            return RowReader.read(table, columns, Expressions.equal("cohort", cohort), Set.of("cohort"));
        }
        return read(definition, cohort)
                .select(columns.stream().map(column -> col(column)).toArray(Column[]::new))
                .collectAsList();
    }

    /** The snapshot that a read would see now; empty when nothing was ever written. */
    public OptionalLong snapshot(TableDefinition<?> definition) {
        Snapshot snapshot = load(definition).currentSnapshot();
        return snapshot == null ? OptionalLong.empty() : OptionalLong.of(snapshot.snapshotId());
    }

    /**
     * Those of {@code rows} whose values in {@code columns} stand in no row of the table: what a rerun still has to do.
     * Null equals null.
     *
     * @param rows has the columns named
     * @param columns the key, or as much of it as tells whether the work is done
     */
    public Dataset<Row> missing(Dataset<Row> rows, TableDefinition<?> definition, List<String> columns) {
        Dataset<Row> there =
                read(definition).select(columns.stream().map(c -> col(c)).toArray(Column[]::new));
        Column same = columns.stream()
                .map(column -> rows.col(column).eqNullSafe(there.col(column)))
                .reduce(Column::and)
                .orElseThrow();
        return rows.join(there, same, "left_anti");
    }

    /** {@link #missing(Dataset, TableDefinition, List)} by the table's whole key. */
    public Dataset<Row> missing(Dataset<Row> rows, TableDefinition<?> definition) {
        return missing(rows, definition, definition.key());
    }

    /** Adds {@code records} in one commit; none makes none. */
    public <T extends Record> Written append(TableDefinition<T> definition, List<T> records) {
        if (records.isEmpty()) {
            return Written.nothing(definition.name());
        }
        Table table = load(definition);
        if (table.sortOrder().isSorted()) { // somebody altered the table; Spark knows how to obey
            return append(definition, rows(definition, records));
        }
        try (RowWriter<T> writer = new RowWriter<>(definition, table)) {
            records.forEach(writer::write);
            return commit(definition, writer.finish());
        }
    }

    /**
     * The table as it is now, for a {@link RowWriter}. It can go to executors, where it can be written to and never committed.
     */
    public Table table(TableDefinition<?> definition) {
        return SerializableTableWithSize.copyOf(load(definition));
    }

    /**
     * Adds the rows of {@code files}, from {@link RowWriter}s, in one commit; none makes none. Files that provably were not
     * committed are deleted.
     */
    public Written commit(TableDefinition<?> definition, List<DataFile> files) {
        if (files.isEmpty()) {
            return Written.nothing(definition.name());
        }
        String id = UUID.randomUUID().toString();
        Table table = load(definition);
        AppendFiles append = table.newAppend()
                .set(APPEND, id)
                .set("spark.app.id", spark.sparkContext().applicationId());
        files.forEach(append::appendFile);
        try {
            append.commit();
        } catch (RuntimeException e) {
            if (e instanceof CleanableFailure) {
                RowWriter.discard(table, files);
            }
            throw e;
        }
        return written(definition, table, id);
    }

    /** Adds {@code rows}, whose columns are found by name, in one commit. Columns that are not there become null. */
    public Written append(TableDefinition<?> definition, Dataset<Row> rows) {
        String id = UUID.randomUUID().toString();
        try {
            writable(definition, rows)
                    .writeTo(definition.identifier())
                    .option("snapshot-property." + APPEND, id)
                    .append();
        } catch (NoSuchTableException e) {
            throw new IllegalStateException(e);
        }
        return written(definition, load(definition), id);
    }

    /** Adds those of {@code rows} whose key is not in the table yet, in one commit; none makes none. */
    public Written appendMissing(TableDefinition<?> definition, Dataset<Row> rows) {
        Dataset<Row> missing = missing(rows, definition);
        return missing.isEmpty() ? Written.nothing(definition.name()) : append(definition, missing);
    }

    /** Adds those of {@code records} whose key is not in the table yet, in one commit; none makes none. */
    public <T extends Record> Written appendMissing(TableDefinition<T> definition, List<T> records) {
        if (records.isEmpty()) {
            return Written.nothing(definition.name());
        }
        Table table = load(definition);
        Snapshot snapshot = table.currentSnapshot();
        if (snapshot == null) {
            return append(definition, records);
        }
        if (!RowReader.suits(snapshot)) {
            return appendMissing(definition, rows(definition, records));
        }
        remember(definition, snapshot);
        Set<Row> there = new HashSet<>(RowReader.read(table, definition.key(), Expressions.alwaysTrue(), Set.of()));
        return append(
                definition,
                records.stream()
                        .filter(record -> !there.contains(definition.keyOf(record)))
                        .toList());
    }

    /**
     * Puts {@code rows} in the place of all rows that meet {@code condition}, in one commit. The condition must be
     * decidable from whole files, such as equality of a partition column.
     */
    public Written replace(TableDefinition<?> definition, Column condition, Dataset<Row> rows) {
        String id = UUID.randomUUID().toString();
        try {
            writable(definition, rows)
                    .writeTo(definition.identifier())
                    .option("snapshot-property." + APPEND, id)
                    .overwrite(condition);
        } catch (NoSuchTableException e) {
            throw new IllegalStateException(e);
        }
        return written(definition, load(definition), id);
    }

    /** {@code records} as rows. */
    public <T extends Record> Dataset<Row> rows(TableDefinition<T> definition, List<T> records) {
        return spark.createDataFrame(records.stream().map(definition::toRow).toList(), definition.schema());
    }

    /** Snapshot first read of each table, by the table's name. */
    public synchronized Map<String, Long> snapshotsRead() {
        return Map.copyOf(snapshotsRead);
    }

    /** Snapshot last written to each table, by the table's name. */
    public synchronized Map<String, Long> snapshotsWritten() {
        return Map.copyOf(snapshotsWritten);
    }

    private Dataset<Row> writable(TableDefinition<?> definition, Dataset<Row> rows) {
        List<String> given = Arrays.asList(rows.columns());
        Column[] columns = Arrays.stream(definition.schema().fields())
                .map(field -> column(definition, field, given))
                .toArray(Column[]::new);
        return rows.select(columns);
    }

    private static Column column(TableDefinition<?> definition, StructField field, List<String> given) {
        if (given.contains(field.name())) {
            return col(field.name());
        }
        if (!field.nullable()) {
            throw new IllegalArgumentException(
                    definition.name() + "." + field.name() + " must be filled; the rows have only " + given);
        }
        return lit(null).cast(field.dataType()).as(field.name());
    }

    /** Finds our own commit, since another process may have committed after it. */
    private Written written(TableDefinition<?> definition, Table table, String id) {
        for (Snapshot snapshot = table.currentSnapshot();
                snapshot != null;
                snapshot = snapshot.parentId() == null ? null : table.snapshot(snapshot.parentId())) {
            if (id.equals(snapshot.summary().get(APPEND))) {
                synchronized (this) {
                    snapshotsWritten.put(definition.name(), snapshot.snapshotId());
                }
                long added = Long.parseLong(snapshot.summary().getOrDefault("added-records", "0"));
                return new Written(definition.name(), OptionalLong.of(snapshot.snapshotId()), added);
            }
        }
        throw new IllegalStateException("commit " + id + " is not in the history of " + definition.identifier());
    }

    private synchronized void remember(TableDefinition<?> definition, Snapshot snapshot) {
        snapshotsRead.putIfAbsent(definition.name(), snapshot.snapshotId());
    }

    private Table load(TableDefinition<?> definition) {
        return Spark3Util.loadIcebergCatalog(spark, CATALOG)
                .loadTable(TableIdentifier.of(NAMESPACE, definition.name()));
    }
}
