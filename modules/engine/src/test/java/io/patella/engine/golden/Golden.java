package io.patella.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.engine.Device;
import io.patella.engine.Program;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Where the reference answers lie and how close an answer must come. */
final class Golden {
    private Golden() {}

    /** A file of the trimmed copy among the test resources. */
    static Path copy(String name) {
        try {
            return Path.of(Objects.requireNonNull(Golden.class.getResource("/golden/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file of the full set beside the repository; the test is skipped where that is absent. */
    static Path shared(String name) {
        Path root = Path.of(System.getProperty("patella.root", ".")).toAbsolutePath();
        Path found = Stream.of("../shared", "../../shared")
                .map(above -> root.resolve(above).resolve(name).normalize())
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(found != null, "no shared/" + name + " beside the repository");
        return Objects.requireNonNull(found);
    }

    static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    static Map<String, Tensor> tensors(Path file) throws IOException {
        return SafetensorsReader.read(file);
    }

    /** Writes and opens a program. */
    static Program open(ProgramModule module, Path file) {
        ProgramArchive.write(module, file, Map.of());
        return Program.open(file, Device.CPU, 1);
    }

    static Tensor longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return new Tensor(ElementType.I64, new long[] {values.length}, bytes);
    }

    /** Rows {@code from} to {@code to} of the first dimension. */
    static Tensor rows(Tensor tensor, int from, int to) {
        long[] shape = tensor.shape();
        int row = Math.toIntExact(tensor.bytes().remaining() / shape[0]);
        shape[0] = (long) to - from;
        return new Tensor(
                tensor.type(), shape, tensor.bytes().position(from * row).limit(to * row));
    }

    static void assertClose(String what, Tensor actual, Tensor expected, double tolerance) {
        assertClose(what, actual, expected, tolerance, new float[Math.toIntExact(expected.elements())]);
    }

    /** {@code wider} is added to the tolerance, element by element. */
    static void assertClose(String what, Tensor actual, Tensor expected, double tolerance, float[] wider) {
        assertThat(actual.shape()).as(what).containsExactly(expected.shape());
        float[] a = actual.toFloats();
        float[] e = expected.toFloats();
        double worst = 0;
        int at = -1;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs((double) a[i] - e[i]) - wider[i];
            if (!(difference <= worst)) { // NaN counts as worse
                worst = difference;
                at = i;
            }
        }
        assertThat(worst).as("%s, element %d", what, at).isLessThanOrEqualTo(tolerance);
    }
}
