package io.patella.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** Reference answers: a table and a JSON file of the same name. */
public record Golden(List<CSVRecord> rows, JsonNode answers) {
    public static final double TOLERANCE = 1e-12;

    public static Golden read(String name) {
        try (InputStreamReader csv = new InputStreamReader(open(name + ".csv"), StandardCharsets.UTF_8);
                InputStream json = open(name + ".json")) {
            CSVFormat format = CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get();
            return new Golden(format.parse(csv).getRecords(), new ObjectMapper().readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream found = Golden.class.getResourceAsStream("/golden/" + name);
        if (found == null) {
            throw new IllegalArgumentException("no test resource /golden/" + name);
        }
        return found;
    }

    /** The rows as predictions, with p0..p4 where the table has them. */
    public List<Prediction> predictions() {
        List<Prediction> predictions = new ArrayList<>();
        for (CSVRecord row : rows) {
            Distribution distribution = row.isMapped("p0")
                    ? Distribution.of(new double[] {
                        number(row, "p0"), number(row, "p1"), number(row, "p2"), number(row, "p3"), number(row, "p4")
                    })
                    : null;
            predictions.add(new Prediction(
                    row.get("image_id"),
                    row.get("patient_id"),
                    whole(row, "grade"),
                    whole(row, "predicted"),
                    distribution,
                    null));
        }
        return predictions;
    }

    /** {@code [rows][4]} of ord0..ord3. */
    public double[][] ordinal() {
        return rows.stream()
                .map(row ->
                        new double[] {number(row, "ord0"), number(row, "ord1"), number(row, "ord2"), number(row, "ord3")
                        })
                .toArray(double[][]::new);
    }

    public int[] whole(String column) {
        return rows.stream().mapToInt(row -> whole(row, column)).toArray();
    }

    public double[] numbers(String column) {
        return rows.stream().mapToDouble(row -> number(row, column)).toArray();
    }

    public List<String> texts(String column) {
        return rows.stream().map(row -> row.get(column)).toList();
    }

    private static int whole(CSVRecord row, String column) {
        return Integer.parseInt(row.get(column));
    }

    private static double number(CSVRecord row, String column) {
        return Double.parseDouble(row.get(column));
    }

    /** The answer {@code {"num": a, "den": b}} as a / b rounded once; NaN for "NaN" and null. */
    public static double fraction(JsonNode answer) {
        return answer.isTextual() || answer.isNull()
                ? Double.NaN
                : answer.get("num").doubleValue() / answer.get("den").doubleValue();
    }

    /** "NaN" means undefined with a reason, a number means that number. */
    public static void assertFigure(String name, Figure actual, JsonNode expected) {
        if (expected.isTextual()) {
            assertThat(expected.textValue()).as(name).isEqualTo("NaN");
            assertThat(actual.isDefined()).as(name + " is undefined").isFalse();
            assertThat(actual.reason()).as(name).isNotBlank();
        } else {
            assertThat(actual.isDefined())
                    .as(name + " is defined, not: " + actual.reason())
                    .isTrue();
            assertThat(actual.orElse(Double.NaN)).as(name).isCloseTo(expected.doubleValue(), within(TOLERANCE));
        }
    }
}
