package io.patella.network.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.network.preparation.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bundle.json} says of a grader, but for the hashes of the other parts.
 *
 * @param name of the grader, such as {@code kl-fusenet-small}
 * @param grader its configuration: enough to write the same network program again
 * @param preparation every step from the canonical picture to the network's input, views and averaging included
 * @param cutpoints thresholds of the ordinal head c_0..c_3; null where the grade is the most likely one
 * @param training provenance: conf, data snapshot, seeds, commit, figures on validation
 * @param heldOut patients that neither training nor any choice has seen (the test part), sorted; they are what an honest evaluation of
 *     this bundle may use
 */
public record BundleDescription(
        String name,
        JsonNode grader,
        Preparation preparation,
        @Nullable List<Double> cutpoints,
        JsonNode training,
        List<String> heldOut) {
    /** The version of the format that this code writes. */
    public static final int FORMAT = 1;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public BundleDescription {
        cutpoints = cutpoints == null ? null : List.copyOf(cutpoints);
        heldOut = heldOut.stream().sorted().toList();
    }

    /** The same with other cutpoints. */
    public BundleDescription withCutpoints(@Nullable List<Double> other) {
        return new BundleDescription(name, grader, preparation, other, training, heldOut);
    }

    /**
     * The bytes of {@code bundle.json}: their SHA-256 is the bundle's identity, since they hold the hashes of all other parts.
     *
     * @param parts SHA-256 by file name
     */
    byte[] json(Map<String, String> parts) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT);
        root.put("name", name);
        root.set("grader", grader);
        try {
            root.set("preparation", JSON.readTree(preparation.json()));
            root.put("preparation_sha256", preparation.hash());
            if (cutpoints == null) {
                root.putNull("cutpoints");
            } else {
                ArrayNode array = root.putArray("cutpoints");
                cutpoints.forEach(array::add);
            }
            root.set("training", training);
            ArrayNode patients = root.putArray("held_out_patients");
            heldOut.forEach(patients::add);
            ObjectNode hashes = root.putObject("parts");
            new TreeMap<>(parts).forEach(hashes::put);
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads what {@link #json} wrote. */
    static BundleDescription parse(JsonNode root, String where) {
        int format = root.path("format").asInt(-1);
        if (format < 1 || format > FORMAT) {
            throw new InputException(
                    where,
                    "bundle of an unknown format",
                    root.path("format"),
                    "this Patella reads formats 1 to " + FORMAT + "; a newer one wrote it, or it is no bundle");
        }
        Preparation preparation = Preparation.parse(required(root, "preparation", where), where + " preparation");
        String stated = required(root, "preparation_sha256", where).asText();
        if (!stated.equals(preparation.hash())) {
            throw new InputException(
                    where,
                    "preparation does not match its hash",
                    stated + ", computed " + preparation.hash(),
                    "the file was changed by hand: take the bundle from its source again");
        }
        JsonNode cutpoints = required(root, "cutpoints", where);
        return new BundleDescription(
                required(root, "name", where).asText(),
                required(root, "grader", where),
                preparation,
                cutpoints.isNull() ? null : doubles(cutpoints),
                required(root, "training", where),
                texts(required(root, "held_out_patients", where)));
    }

    static JsonNode required(JsonNode root, String key, String where) {
        JsonNode value = root.get(key);
        if (value == null) {
            throw new InputException(where, "lacks a key", key, "take the bundle from its source again");
        }
        return value;
    }

    private static List<Double> doubles(JsonNode array) {
        List<Double> out = new ArrayList<>();
        array.forEach(each -> out.add(each.asDouble()));
        return out;
    }

    private static List<String> texts(JsonNode array) {
        List<String> out = new ArrayList<>();
        array.forEach(each -> out.add(each.asText()));
        return out;
    }
}
