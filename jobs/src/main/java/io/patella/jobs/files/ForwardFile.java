package io.patella.jobs.files;

import io.patella.cohort.InputException;
import io.patella.engine.Device;
import io.patella.engine.Program;
import io.patella.engine.ProgramException;
import io.patella.engine.Value;
import io.patella.network.architecture.Architecture;
import io.patella.network.architecture.WeightSource;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.SafetensorsWriter;
import io.patella.network.weights.Tensor;
import io.patella.network.weights.WeightsFit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code patella forward}: one network on the tensors of a file, in float32 and evaluation mode, as timm would give them. Inputs are
 * {@code input} and {@code PREFIX/input}, [N,3,H,W]; outputs stand under the same prefix.
 */
public final class ForwardFile {
    private static final String INPUT = "input";

    private ForwardFile() {}

    /**
     * Runs the network on every input and writes {@code forward_features}, {@code pooled} and {@code forward} of each.
     *
     * @param threads processor threads within one operation
     * @return the names of the tensors written
     * @throws InputException when weights do not fit, or an input is none
     */
    public static List<String> run(NetworkChoice choice, Path weights, Path input, Path out, int threads)
            throws IOException {
        Map<String, Tensor> inputs = inputs(input, choice.architecture());
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        try (Opened opened = Opened.of(choice, weights, threads)) {
            for (Map.Entry<String, Tensor> each : inputs.entrySet()) {
                Value picture = Value.of(each.getValue());
                String prefix = each.getKey();
                try {
                    Tensor features = opened.call("forward_features", picture);
                    outputs.put(prefix + "forward_features", features);
                    outputs.put(prefix + "pooled", opened.call("pooled", Value.of(features)));
                    outputs.put(prefix + "forward", opened.call("forward", picture));
                } catch (ProgramException.OutOfMemory e) {
                    throw e;
                } catch (ProgramException e) {
                    throw new InputException(
                            input + ": tensor " + prefix + INPUT,
                            "the network cannot take "
                                    + Arrays.toString(each.getValue().shape()),
                            e.getMessage(),
                            "give pictures of a size that it can");
                }
            }
        }
        SafetensorsWriter.write(out, outputs);
        return List.copyOf(outputs.keySet());
    }

    /** The inputs by prefix, as float32 in memory of their own. */
    private static Map<String, Tensor> inputs(Path file, Architecture architecture) throws IOException {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            for (String name : reader.entries().keySet()) {
                if (name.equals(INPUT) || name.endsWith("/" + INPUT)) {
                    String prefix = name.substring(0, name.length() - INPUT.length());
                    inputs.put(prefix, picture(file, name, reader.tensor(name), architecture));
                }
            }
            if (inputs.isEmpty()) {
                throw new InputException(
                        file.toString(),
                        "has no tensor named input",
                        reader.entries().keySet(),
                        "name the pictures input, or PREFIX/input");
            }
        }
        return inputs;
    }

    static Tensor picture(Path file, String name, Tensor tensor, Architecture architecture) {
        String where = file + ": tensor " + name;
        long[] shape = tensor.shape();
        if (shape.length != 4
                || shape[1] != 3
                || tensor.elements() == 0
                || !tensor.type().isFloatingPoint()) {
            throw new InputException(
                    where,
                    "not pictures",
                    tensor.type() + " " + Arrays.toString(shape),
                    "float32 [N,3,H,W] was expected");
        }
        if (tensor.notFinite().count() > 0) {
            throw new InputException(
                    where,
                    "has elements that are NaN or infinite, the first at",
                    tensor.notFinite().first(),
                    "clean the pictures");
        }
        int stride = architecture.stride();
        if (architecture.shape() == Architecture.Shape.TOKENS && (shape[2] % stride != 0 || shape[3] % stride != 0)) {
            throw new InputException(
                    where,
                    "height and width are no multiples of the patch, " + stride,
                    Arrays.toString(shape),
                    "resize");
        }
        Tensor real = tensor.as(ElementType.F32);
        return Tensor.of(real.toFloats(), shape); // maps are read-only: the engine needs memory of its own
    }

    /** A network with its weights in the engine; the archive lives as long as this does. */
    private static final class Opened implements AutoCloseable {
        private final Path folder;
        private final Program program;

        private Opened(Path folder, Program program) {
            this.folder = folder;
            this.program = program;
        }

        static Opened of(NetworkChoice choice, Path weights, int threads) throws IOException {
            Path folder = Files.createTempDirectory("patella-forward");
            Path archive = folder.resolve("model.pt");
            try (SafetensorsReader reader = SafetensorsReader.open(weights)) {
                ProgramModule network = choice.network(reader);
                WeightsFit.of(NetworkChoice.places(network), reader).require(weights.toString(), choice.name());
                WeightSource.named(reader.tensors(), weights.toString()).fill(network);
                ProgramArchive.write(network, archive, Map.of());
                return new Opened(folder, Program.open(archive, Device.CPU, threads));
            } catch (IOException | RuntimeException e) {
                delete(folder);
                throw e;
            }
        }

        Tensor call(String method, Value input) {
            return program.call(method, input).asTensor();
        }

        @Override
        public void close() throws IOException {
            program.close();
            delete(folder);
        }

        private static void delete(Path folder) throws IOException {
            Files.deleteIfExists(folder.resolve("model.pt"));
            Files.deleteIfExists(folder);
        }
    }
}
