package io.patella.jobs.job;

import io.patella.jobs.files.JsonAnswer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** Values of Spark's rows as other programs read them: plain Java for JSON, text for CSV and for the terminal. */
final class PlainValues {
    private static final MathContext READABLE = new MathContext(6);

    private PlainValues() {}

    /** Lists, maps with sorted keys, texts, numbers, booleans; instants in ISO 8601, bytes in base 64. */
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Row row) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            for (int i = 0; i < row.length(); i++) {
                fields.put(row.schema().fieldNames()[i], plain(row.get(i)));
            }
            return fields;
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            Map<String, @Nullable Object> entries = new TreeMap<>();
            CollectionConverters.asJava(map)
                    .forEach((key, each) -> entries.put(String.valueOf(plain(key)), plain(each)));
            return entries;
        }
        if (value instanceof scala.collection.Iterable<?> list) {
            List<@Nullable Object> elements = new ArrayList<>();
            CollectionConverters.asJava(list).forEach(each -> elements.add(plain(each)));
            return elements;
        }
        if (value instanceof Timestamp timestamp) {
            return timestamp.toInstant().toString();
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof Instant
                || value instanceof java.sql.Date
                || value instanceof java.time.temporal.Temporal) {
            return value.toString();
        }
        return value;
    }

    /** Full precision; empty for null; lists and maps as JSON. */
    static String csv(@Nullable Object value) {
        Object plain = plain(value);
        if (plain == null) {
            return "";
        }
        return plain instanceof Map || plain instanceof List ? JsonAnswer.text(plain) : plain.toString();
    }

    /** For people: six digits of a fraction, no bytes. */
    static String readable(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof byte[] bytes) {
            return "(" + bytes.length + " bytes)";
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number)
                    ? new BigDecimal(number)
                            .round(READABLE)
                            .stripTrailingZeros()
                            .toPlainString()
                    : Double.toString(number);
        }
        if (value instanceof scala.collection.Iterable<?> list && !(value instanceof scala.collection.Map)) {
            List<String> elements = new ArrayList<>();
            CollectionConverters.asJava(list).forEach(each -> elements.add(readable(each)));
            return elements.toString();
        }
        return csv(value).replaceAll("\\s", " ");
    }
}
