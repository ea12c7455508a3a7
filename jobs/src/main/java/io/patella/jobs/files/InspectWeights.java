package io.patella.jobs.files;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code patella weights inspect}: what a safetensors file holds. Reads every byte, to find elements that are not finite. */
public final class InspectWeights {
    private InspectWeights() {}

    /**
     * The answer.
     *
     * @param file as given
     * @param bytes its length
     * @param metadata free text in its header
     * @param tensors in the order of the file
     * @param elements of all tensors together
     * @param notFinite how many of them are NaN or infinite
     */
    public record Inspection(
            String file,
            long bytes,
            Map<String, String> metadata,
            List<Row> tensors,
            long elements,
            @JsonProperty("not_finite") long notFinite) {
        /** A table for people. */
        public String text() {
            TextTable table = new TextTable("tensor", "type", "shape", "elements", "bytes", "not finite");
            for (Row row : tensors) {
                table.row(row.name, row.dtype, row.shape, row.elements, row.bytes, row.notFinite);
            }
            StringBuilder text = new StringBuilder(table.text());
            text.append(String.format(
                    "%s: %d tensors, %,d elements, %,d bytes%s%n",
                    file, tensors.size(), elements, bytes, notFinite == 0 ? "" : ", " + notFinite + " NOT FINITE"));
            metadata.forEach(
                    (key, value) -> text.append(key).append(": ").append(value).append('\n'));
            return text.toString();
        }
    }

    /**
     * One tensor.
     *
     * @param name its name
     * @param dtype element type as safetensors spells it
     * @param shape sizes
     * @param elements their product
     * @param bytes length
     * @param notFinite elements that are NaN or infinite
     */
    public record Row(
            String name,
            String dtype,
            List<Long> shape,
            long elements,
            long bytes,
            @JsonProperty("not_finite") long notFinite) {}

    /** Looks at {@code file}. */
    public static Inspection of(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        long elements = 0;
        long notFinite = 0;
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            for (SafetensorsReader.Entry entry : reader.entries().values()) {
                Tensor tensor = reader.tensor(entry.name());
                long bad = tensor.notFinite().count();
                rows.add(new Row(
                        entry.name(), entry.type().name(), entry.shape(), tensor.elements(), entry.bytes(), bad));
                elements += tensor.elements();
                notFinite += bad;
            }
            return new Inspection(file.toString(), Files.size(file), reader.metadata(), rows, elements, notFinite);
        }
    }
}
