package io.patella.tables.row;

import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a table is: its name, columns with comments, key and partitioning, and the codec between its records and Spark's
 * rows. A definition is made once per record class by the builder methods, columns in the order of the record's
 * components.
 *
 * <p>Columns that are added later must be {@linkplain #optional optional}: tables that exist get them by
 * {@code ALTER TABLE}, with nulls in the rows that were there.
 *
 * @param <T> the record that a row becomes
 */
public final class TableDefinition<T extends Record> {
    /** Takes a column's value out of a record. */
    @FunctionalInterface
    public interface Field<T> {
        /** The value: a boxed primitive, String, byte[], Instant, List or Map; null in optional columns only. */
        @Nullable
        Object of(T record);
    }

    /** Makes a record of a row's cells. */
    @FunctionalInterface
    public interface Decoder<T> {
        T decode(Cells cells);
    }

    /** The catalog's name in Spark. */
    public static final String CATALOG = "patella";

    /** The namespace that holds the tables and views. */
    public static final String NAMESPACE = "knee";

    private final String name;
    private final String comment;
    private final Decoder<T> decoder;
    private final List<StructField> fields;
    private final List<Field<T>> values;
    private final List<String> key;
    private final List<String> partitioning;
    private final Map<String, String> properties;

    private TableDefinition(
            String name,
            String comment,
            Decoder<T> decoder,
            List<StructField> fields,
            List<Field<T>> values,
            List<String> key,
            List<String> partitioning,
            Map<String, String> properties) {
        this.name = name;
        this.comment = comment;
        this.decoder = decoder;
        this.fields = List.copyOf(fields);
        this.values = List.copyOf(values);
        this.key = List.copyOf(key);
        this.partitioning = List.copyOf(partitioning);
        this.properties = Map.copyOf(properties);
    }

    /**
     * A table without columns yet.
     *
     * @param name within the namespace
     * @param comment what a row is
     * @param decoder reads the cells in the order of the columns
     */
    public static <T extends Record> TableDefinition<T> of(String name, String comment, Decoder<T> decoder) {
        return new TableDefinition<>(name, comment, decoder, List.of(), List.of(), List.of(), List.of(), Map.of());
    }

    /** Adds a column that is always filled and belongs to the key. */
    public TableDefinition<T> key(String column, DataType type, String comment, Field<T> value) {
        return with(column, type, false, comment, value, true);
    }

    /** Adds a column that belongs to the key and may be null; null equals null in a key. */
    public TableDefinition<T> optionalKey(String column, DataType type, String comment, Field<T> value) {
        return with(column, type, true, comment, value, true);
    }

    /** Adds a column that is always filled. */
    public TableDefinition<T> required(String column, DataType type, String comment, Field<T> value) {
        return with(column, type, false, comment, value, false);
    }

    /** Adds a column that may be null. */
    public TableDefinition<T> optional(String column, DataType type, String comment, Field<T> value) {
        return with(column, type, true, comment, value, false);
    }

    /** Stores rows of equal values in these columns apart. */
    public TableDefinition<T> partitionedBy(String... columns) {
        return new TableDefinition<>(name, comment, decoder, fields, values, key, List.of(columns), properties);
    }

    /** Sets an Iceberg table property. */
    public TableDefinition<T> property(String property, String value) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.put(property, value);
        return new TableDefinition<>(name, comment, decoder, fields, values, key, partitioning, all);
    }

    private TableDefinition<T> with(
            String column, DataType type, boolean nullable, String text, Field<T> value, boolean inKey) {
        List<StructField> allFields = new ArrayList<>(fields);
        allFields.add(new StructField(column, type, nullable, Metadata.empty()).withComment(text));
        List<Field<T>> allValues = new ArrayList<>(values);
        allValues.add(value);
        List<String> allKey = new ArrayList<>(key);
        if (inKey) {
            allKey.add(column);
        }
        return new TableDefinition<>(name, comment, decoder, allFields, allValues, allKey, partitioning, properties);
    }

    /** The name within the namespace, such as {@code grades}. */
    public String name() {
        return name;
    }

    /** The name in SQL, such as {@code patella.knee.grades}. */
    public String identifier() {
        return CATALOG + "." + NAMESPACE + "." + name;
    }

    /** What a row is. */
    public String comment() {
        return comment;
    }

    /** The columns of which no two rows share all values. */
    public List<String> key() {
        return key;
    }

    /** The columns by whose values rows are stored apart. */
    public List<String> partitioning() {
        return partitioning;
    }

    /** The Iceberg properties particular to this table. */
    public Map<String, String> properties() {
        return properties;
    }

    /** The columns with their types and comments. */
    public StructType schema() {
        return new StructType(fields.toArray(StructField[]::new));
    }

    /** The encoder of this table's rows, for {@code mapPartitions} and its like. */
    public Encoder<Row> encoder() {
        return Encoders.row(schema());
    }

    /** The columns' names, in order. */
    public List<String> columns() {
        return fields.stream().map(StructField::name).toList();
    }

    /**
     * The value of a column in {@code record}: a boxed primitive, String, byte[], Instant, List or Map.
     *
     * @throws IllegalArgumentException when it is null and must not be
     */
    public @Nullable Object value(int column, T record) {
        Object value = values.get(column).of(record);
        if (value == null && !fields.get(column).nullable()) {
            throw new IllegalArgumentException(name + "." + fields.get(column).name() + " must be filled: " + record);
        }
        return value;
    }

    /** The row of {@code record}. */
    public Row toRow(T record) {
        return row(IntStream.range(0, fields.size())
                .mapToObj(column -> value(column, record))
                .toArray());
    }

    /** The row of the key's columns alone. */
    public Row keyOf(T record) {
        List<String> columns = columns();
        return row(key.stream()
                .map(column -> value(columns.indexOf(column), record))
                .toArray());
    }

    /** A row of {@code values}, which may be as {@link #value} gives them or as Iceberg's own reader does. */
    public static Row row(@Nullable Object[] values) {
        @Nullable Object[] cells = new @Nullable Object[values.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = toCell(values[i]);
        }
        return RowFactory.create(cells);
    }

    /** The record of a row that has this table's columns in this table's order, as {@code Warehouse.read} gives them. */
    public T toRecord(Row row) {
        if (row.length() != fields.size()) {
            throw new IllegalArgumentException(
                    name + " has " + fields.size() + " columns, the row has " + row.length());
        }
        return decoder.decode(new Cells(row));
    }

    private static @Nullable Object toCell(@Nullable Object value) {
        if (value instanceof Instant instant) {
            return Timestamp.from(instant);
        }
        if (value instanceof OffsetDateTime time) {
            return Timestamp.from(time.toInstant());
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(buffer.position(), bytes);
            return bytes;
        }
        if (value instanceof List<?> list) {
            return CollectionConverters.asScala(list);
        }
        if (value instanceof Map<?, ?> map) {
            return CollectionConverters.asScala(map);
        }
        return value;
    }
}
