package io.patella.tables.row;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Reads a row cell by cell, in the order of the table's columns: each call returns the next cell. The {@code optional...}
 * methods return null for a null cell; the others fail on one.
 */
public final class Cells {
    private final Row row;
    private int next;

    Cells(Row row) {
        this.row = row;
    }

    public String text() {
        return row.getString(filled());
    }

    public @Nullable String optionalText() {
        return row.getString(next++);
    }

    public int integer() {
        return row.getInt(filled());
    }

    public @Nullable Integer optionalInteger() {
        int at = next++;
        return row.isNullAt(at) ? null : row.getInt(at);
    }

    public long bigint() {
        return row.getLong(filled());
    }

    public @Nullable Long optionalBigint() {
        int at = next++;
        return row.isNullAt(at) ? null : row.getLong(at);
    }

    public double real() {
        return row.getDouble(filled());
    }

    public @Nullable Double optionalReal() {
        int at = next++;
        return row.isNullAt(at) ? null : row.getDouble(at);
    }

    public boolean flag() {
        return row.getBoolean(filled());
    }

    public byte[] bytes() {
        return row.getAs(filled());
    }

    public Instant instant() {
        return toInstant(row.get(filled()));
    }

    public @Nullable Instant optionalInstant() {
        int at = next++;
        return row.isNullAt(at) ? null : toInstant(row.get(at));
    }

    public List<String> texts() {
        return List.copyOf(row.<String>getList(filled()));
    }

    public @Nullable List<Double> optionalReals() {
        int at = next++;
        return row.isNullAt(at) ? null : List.copyOf(row.<Double>getList(at));
    }

    public Map<String, String> textMap() {
        return Map.copyOf(row.<String, String>getJavaMap(filled()));
    }

    public Map<String, Long> bigintMap() {
        return Map.copyOf(row.<String, Long>getJavaMap(filled()));
    }

    private int filled() {
        int at = next++;
        if (row.isNullAt(at)) {
            throw new IllegalStateException("null in column " + at + ", which must be filled, of " + row);
        }
        return at;
    }

    private static Instant toInstant(Object value) {
        return value instanceof Timestamp timestamp ? timestamp.toInstant() : (Instant) value;
    }
}
