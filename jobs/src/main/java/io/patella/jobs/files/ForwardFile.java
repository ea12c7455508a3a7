package io.patella.jobs.files;

import io.patella.cohort.InputException;
import io.patella.engine.Device;
import io.patella.engine.Program;
import io.patella.engine.ProgramException;
import io.patella.network.architecture.TorchvisionNames;
import io.patella.network.architecture.WeightSource;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
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
 * {@code input} (of a grader {@code global}, {@code left}, {@code right}), also as {@code PREFIX/input}, each [N,3,H,W]; outputs stand
 * under the same prefix.
 */
public final class ForwardFile {
    private ForwardFile() {}

    /**
     * Runs the network on every set of inputs.
     *
     * @param threads processor threads within one operation
     * @return the names of the tensors written
     * @throws InputException when weights do not fit, or an input is none
     */
    public static List<String> run(NetworkChoice choice, Path weights, Path input, Path out, int threads)
            throws IOException {
        Map<String, Map<String, Tensor>> inputs = inputs(input, choice);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        try (Opened opened = Opened.of(choice, weights, threads)) {
            inputs.forEach((prefix, tensors) -> {
                try {
                    choice.forward(opened.program, tensors)
                            .forEach((name, tensor) -> outputs.put(prefix + name, tensor));
                } catch (ProgramException.OutOfMemory e) {
                    throw e;
                } catch (ProgramException e) {
                    Tensor first = tensors.values().iterator().next();
                    throw new InputException(
                            input + ": " + prefix + String.join(", ", tensors.keySet()),
                            "the network cannot take " + Arrays.toString(first.shape()),
                            e.getMessage(),
                            "give pictures of a size that it can");
                }
            });
        }
        SafetensorsWriter.write(out, outputs);
        return List.copyOf(outputs.keySet());
    }

    /** The sets of inputs by prefix, as float32 in memory of their own. */
    private static Map<String, Map<String, Tensor>> inputs(Path file, NetworkChoice choice) throws IOException {
        Map<String, Map<String, Tensor>> inputs = new LinkedHashMap<>();
        String leader = choice.inputs().get(0);
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            for (String found : reader.entries().keySet()) {
                if (!found.equals(leader) && !found.endsWith("/" + leader)) {
                    continue;
                }
                String prefix = found.substring(0, found.length() - leader.length());
                Map<String, Tensor> set = new LinkedHashMap<>();
                long pictures = -1;
                for (String input : choice.inputs()) {
                    String where = file + ": tensor " + prefix + input;
                    Tensor tensor = picture(where, reader.tensor(prefix + input), choice.multiple(input));
                    if (pictures >= 0 && tensor.shape()[0] != pictures) {
                        throw new InputException(
                                where,
                                "has another number of pictures than " + prefix + leader,
                                Arrays.toString(tensor.shape()),
                                "give every view of every knee");
                    }
                    pictures = tensor.shape()[0];
                    set.put(input, tensor);
                }
                inputs.put(prefix, set);
            }
            if (inputs.isEmpty()) {
                throw new InputException(
                        file.toString(),
                        "has no tensor named " + leader,
                        reader.entries().keySet(),
                        "name the pictures " + String.join(", ", choice.inputs()) + ", or PREFIX/" + leader);
            }
        }
        return inputs;
    }

    private static Tensor picture(String where, Tensor tensor, int multiple) {
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
        if (shape[2] % multiple != 0 || shape[3] % multiple != 0) {
            throw new InputException(
                    where,
                    "height and width are no multiples of the patch, " + multiple,
                    Arrays.toString(shape),
                    "resize");
        }
        return Tensor.of(tensor.toFloats(), shape); // maps are read-only: the engine needs memory of its own
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
                Map<String, Tensor> tensors = TorchvisionNames.toTimm(reader.tensors());
                ProgramModule network = choice.network(tensors);
                WeightsFit.of(NetworkChoice.places(network), tensors).require(weights.toString(), choice.name());
                WeightSource.named(tensors, weights.toString()).fill(network);
                ProgramArchive.write(network, archive, Map.of());
                return new Opened(folder, Program.open(archive, Device.CPU, threads));
            } catch (IOException | RuntimeException e) {
                delete(folder);
                throw e;
            }
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
