package io.patella.jobs.files;

import io.patella.cohort.InputException;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.TorchvisionNames;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.GradingNetwork;
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
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code patella weights convert}: out of a bundle, into one, and between element types and namings. */
public final class ConvertWeights {
    private ConvertWeights() {}

    /**
     * A safetensors file under timm's names (from torchvision's for MobileNetV2) and in another element type; integers stay as they are.
     *
     * @param type element type of the numbers written
     * @return number of tensors written
     */
    public static int safetensors(Path from, ElementType type, Path to) throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(from)) {
            Map<String, Tensor> tensors = TorchvisionNames.toTimm(reader.tensors());
            SafetensorsWriter.write(to, typed(tensors, type), reader.metadata());
            return tensors.size();
        }
    }

    /**
     * The weights of a bundle, or of its {@code model.pt} alone.
     *
     * @param type element type of the numbers written
     * @return number of tensors written
     */
    public static int outOfBundle(Path from, ElementType type, Path to) throws IOException {
        if (Files.isRegularFile(from) && from.toString().endsWith(".pt")) {
            return outOfArchive(from, Map.of(), type, to);
        }
        try (Bundle bundle = Bundle.open(from)) {
            return outOfArchive(
                    bundle.model(), Map.of("grader", bundle.description().name(), "bundle", bundle.hash()), type, to);
        }
    }

    private static int outOfArchive(Path archive, Map<String, String> metadata, ElementType type, Path to)
            throws IOException {
        Map<String, Tensor> tensors = ProgramArchive.open(archive).tensors();
        SafetensorsWriter.write(to, typed(tensors, type), metadata);
        return tensors.size();
    }

    /**
     * A bundle with other weights: program, preparation, cutpoints and card are those of {@code like}.
     *
     * @return the new bundle's identity
     * @throws InputException when a tensor does not fit, naming it
     */
    public static String intoBundle(Path from, Path like, Path to) throws IOException {
        Path archive = Files.createTempFile("patella-convert", ".pt");
        try (Bundle bundle = Bundle.open(like);
                SafetensorsReader reader = SafetensorsReader.open(from)) {
            BundleDescription description = bundle.description();
            ProgramModule program =
                    GradingNetwork.parse(description.grader(), like.toString()).program(Layers.plain());
            Map<String, Tensor> tensors = reader.tensors();
            WeightsFit.of(NetworkChoice.places(program), tensors).require(from.toString(), description.name());
            WeightSource.named(tensors, from.toString()).fill(program);
            ProgramArchive.write(program, archive, Map.of());
            return Bundle.write(to, description, archive, bundle.card());
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    /**
     * A bundle as one zip: the same bytes every time, and the same identity.
     *
     * @param to its name ends in {@code .zip}
     * @return the bundle's identity
     */
    public static String packed(Path from, Path to) {
        if (!to.getFileName().toString().endsWith(".zip")) {
            throw new InputException("OUT", "a bundle is packed into a zip", to, "give a name that ends in .zip");
        }
        try (Bundle bundle = Bundle.open(from)) {
            bundle.pack(to);
            return bundle.hash();
        }
    }

    private static Map<String, Tensor> typed(Map<String, Tensor> tensors, ElementType type) {
        if (!type.isFloatingPoint()) {
            throw new InputException("--type", "not a type of weights", type, "use f32, f16, bf16 or f64");
        }
        Map<String, Tensor> typed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> typed.put(name, tensor.type().isFloatingPoint() ? tensor.as(type) : tensor));
        return typed;
    }
}
