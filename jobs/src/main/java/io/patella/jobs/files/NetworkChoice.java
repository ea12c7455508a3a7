package io.patella.jobs.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.network.architecture.Architecture;
import io.patella.network.architecture.Architectures;
import io.patella.network.architecture.Layers;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.Slot;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.WeightsFit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network as a command names it: timm's name, or a file with the class and its constructor arguments.
 *
 * @param name for messages
 * @param architecture the network
 * @param classifier what decides the number of classes
 */
public record NetworkChoice(String name, Architecture architecture, Classifier classifier) {
    /** Where the number of classes comes from. */
    enum Classifier {
        /** From the file of weights: none when it has no classifier, else as many as its classifier has. */
        AS_IN_THE_WEIGHTS,
        /** From the constructor's arguments. */
        AS_CONFIGURED
    }

    /**
     * timm's name, without the tag of its weights.
     *
     * @throws InputException for a name that is not known, with the nearest
     */
    public static NetworkChoice named(String name) {
        return new NetworkChoice(name, Architectures.byName(name).architecture(), Classifier.AS_IN_THE_WEIGHTS);
    }

    /**
     * A JSON file with {@code made_by}, timm's class, and {@code config}, its arguments.
     *
     * @throws InputException when the file cannot be used, or an argument is not supported, naming it
     */
    public static NetworkChoice configured(Path file) throws IOException {
        JsonNode root = json(file);
        if (!root.path("made_by").isTextual() || !root.path("config").isObject()) {
            throw new InputException(
                    file.toString(),
                    "lacks made_by or config",
                    root.path("made_by"),
                    "expected {\"made_by\": \"timm.models.resnet.ResNet\", \"config\": {...}}");
        }
        String madeBy = root.get("made_by").asText();
        return new NetworkChoice(madeBy, Architectures.fromTimm(madeBy, root.get("config")), Classifier.AS_CONFIGURED);
    }

    static JsonNode json(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file.toString(), "no such file", file.toAbsolutePath(), "check the path");
        }
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new InputException(file.toString(), "no valid JSON", e.getOriginalMessage(), "mend the file");
        }
    }

    /** The network as these weights want it. */
    ProgramModule network(SafetensorsReader weights) {
        ProgramModule whole = architecture.network(Layers.plain());
        if (classifier == Classifier.AS_CONFIGURED) {
            return whole;
        }
        Set<String> head = whole.tensors().keySet();
        ProgramModule without = architecture.withClasses(0).network(Layers.plain());
        head.removeAll(without.tensors().keySet());
        if (head.isEmpty()) { // published without a classifier: a fine-tuned file may have one
            head.addAll(architecture
                    .withClasses(1)
                    .network(Layers.plain())
                    .tensors()
                    .keySet());
            head.removeAll(without.tensors().keySet());
        }
        for (String name : head) {
            SafetensorsReader.Entry entry = weights.entries().get(name);
            if (entry != null && !entry.shape().isEmpty() && entry.shape().get(0) > 0) {
                return architecture
                        .withClasses(Math.toIntExact(Math.min(entry.shape().get(0), 1 << 20)))
                        .network(Layers.plain());
            }
        }
        return without;
    }

    /** The places for tensors in a network. */
    static Map<String, WeightsFit.Place> places(ProgramModule network) {
        Map<String, WeightsFit.Place> places = new LinkedHashMap<>();
        network.tensors().forEach((name, slot) -> {
            List<Long> shape = Arrays.stream(slot.shape()).boxed().toList();
            places.put(name, new WeightsFit.Place(slot.type(), shape, slot.kind() == Slot.Kind.OPTIONAL_BUFFER));
        });
        return places;
    }
}
