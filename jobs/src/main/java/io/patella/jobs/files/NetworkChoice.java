package io.patella.jobs.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.engine.Program;
import io.patella.network.architecture.Architectures;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.Slot;
import io.patella.network.weights.Tensor;
import io.patella.network.weights.WeightsFit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network as a command names it: a backbone by timm's name, a grader by ours, or a file with the arguments of either. */
public sealed interface NetworkChoice permits BackboneChoice, GraderChoice {
    /**
     * A backbone by timm's name, without the tag of its weights, or a grader such as {@code kl-fusenet}.
     *
     * @throws InputException for a name that is not known, with the nearest
     */
    static NetworkChoice named(String name) {
        return Graders.names().contains(name)
                ? new GraderChoice(Graders.byName(name))
                : new BackboneChoice(
                        name, Architectures.byName(name).architecture(), BackboneChoice.Classifier.AS_IN_THE_WEIGHTS);
    }

    /**
     * A JSON file with {@code made_by}, timm's class, and {@code config}, its arguments; or with {@code convnext}, {@code resnet} and
     * {@code gem}, the parts of a KL-FuseNet.
     *
     * @throws InputException when the file cannot be used, or an argument is not supported, naming it
     */
    static NetworkChoice configured(Path file) throws IOException {
        JsonNode root = json(file);
        if (root.path("convnext").isObject() && root.path("resnet").isObject()) {
            return new GraderChoice(fuseNet(root, file));
        }
        if (!root.path("made_by").isTextual() || !root.path("config").isObject()) {
            throw new InputException(
                    file.toString(),
                    "lacks made_by or config, or convnext and resnet",
                    root.path("made_by"),
                    "expected {\"made_by\": \"timm.models.resnet.ResNet\", \"config\": {...}}");
        }
        String madeBy = root.get("made_by").asText();
        return new BackboneChoice(
                madeBy, Architectures.fromTimm(madeBy, root.get("config")), BackboneChoice.Classifier.AS_CONFIGURED);
    }

    private static Grader fuseNet(JsonNode root, Path file) {
        JsonNode gem = root.path("gem");
        if (gem.path("eps").asDouble(1e-6) != 1e-6) {
            throw new InputException(
                    file.toString(), "unsupported argument", "gem.eps=" + gem.get("eps"), "1e-6 is built in");
        }
        Grader grader = Graders.fuseNet(root.get("convnext"), root.get("resnet"));
        return gem.path("one_p_per_stream").asBoolean(true)
                ? grader
                : grader.with(Grader.Pooling.GEM_SHARED_BY_PATCHES);
    }

    private static JsonNode json(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file.toString(), "no such file", file.toAbsolutePath(), "check the path");
        }
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new InputException(file.toString(), "no valid JSON", e.getOriginalMessage(), "mend the file");
        }
    }

    /** Its name, for messages. */
    String name();

    /** The network as these weights, under timm's names, want it: its tensors declared and not yet filled. */
    ProgramModule network(Map<String, Tensor> weights);

    /** Names of the tensors that it takes, each [N,3,H,W]. */
    List<String> inputs();

    /** Heights and widths are multiples of this. */
    int multiple(String input);

    /** What it gives, by name. */
    Map<String, Tensor> forward(Program program, Map<String, Tensor> inputs);

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
