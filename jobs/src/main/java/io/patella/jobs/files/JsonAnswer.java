package io.patella.jobs.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * The answer of a command with {@code --json}: exactly one JSON object on one line of standard output. Records, maps and
 * lists become objects and arrays (component names in snake_case, {@code @JsonProperty} for others); doubles stand in full
 * precision; NaN and infinities, which JSON does not have, are {@code null}.
 */
public final class JsonAnswer {
    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS)
            .registerModule(new SimpleModule()
                    .addSerializer(Double.class, new FiniteOrNull())
                    .addSerializer(double.class, new FiniteOrNull())
                    .addSerializer(double[].class, new FiniteOrNulls()));

    private JsonAnswer() {}

    /** Prints {@code answer} and a line break, and flushes. */
    public static void print(Object answer, PrintWriter out) {
        out.println(text(answer));
        out.flush();
    }

    /** {@code answer} as JSON on one line. */
    public static String text(Object answer) {
        try {
            return JSON.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("answer cannot be written as JSON: " + answer.getClass(), e);
        }
    }

    private static void write(double value, JsonGenerator to) throws IOException {
        if (Double.isFinite(value)) {
            to.writeNumber(value);
        } else {
            to.writeNull();
        }
    }

    private static final class FiniteOrNull extends StdSerializer<Double> {
        FiniteOrNull() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator to, SerializerProvider provider) throws IOException {
            write(value, to);
        }
    }

    private static final class FiniteOrNulls extends StdSerializer<double[]> {
        FiniteOrNulls() {
            super(double[].class);
        }

        @Override
        public void serialize(double[] values, JsonGenerator to, SerializerProvider provider) throws IOException {
            to.writeStartArray();
            for (double value : values) {
                write(value, to);
            }
            to.writeEndArray();
        }
    }
}
