package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.training.Example;
import io.patella.engine.training.TrainingSet;
import io.patella.network.bundle.Bundle;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RadiographRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A bundle that a training goes on from, or one that this came from in turn: what it has seen and what it holds out. The test part of
 * every ancestor stays a test part, and the new test part must be one to every ancestor, or later figures would be untrue.
 *
 * @param model the bundle's hash
 * @param cohort it was trained on; empty when the bundle does not say so, and then patients' names are compared whatever the cohort
 * @param split of that cohort
 * @param heldOut patients of its test part
 */
record Ancestor(String model, String cohort, String split, List<String> heldOut) {
    private static final int NAMED = 5;

    /** What a bundle that comes from {@code bundle} must say of it. */
    static ObjectNode parent(Bundle bundle) {
        ObjectMapper json = new ObjectMapper();
        JsonNode training = bundle.description().training();
        ObjectNode parent = json.createObjectNode();
        parent.put("model", bundle.hash());
        parent.put("name", bundle.description().name());
        parent.put("cohort", training.path("cohort").asText(""));
        parent.put("split", training.path("split").asText(""));
        parent.set("held_out_patients", json.valueToTree(bundle.description().heldOut()));
        if (training.has("parent")) {
            parent.set("parent", training.get("parent"));
        }
        return parent;
    }

    /**
     * Refuses to replace the bundle that another comes from.
     *
     * @param warehouseFolder holds bundles ({@code models/NAME})
     * @param name of the one to be made
     */
    static void demandOther(Path bundle, Path warehouseFolder, String name) {
        Path made = warehouseFolder.resolve("models").resolve(name);
        if (bundle.toAbsolutePath().normalize().equals(made.toAbsolutePath().normalize())) {
            throw new InputException(
                    "name", "is the name of the bundle to start from", name, "give the new one another");
        }
    }

    /** The bundle that {@link #parent} describes, and those before it. */
    static List<Ancestor> line(JsonNode parent) {
        List<Ancestor> line = new ArrayList<>();
        for (JsonNode at = parent; at.isObject(); at = at.path("parent")) {
            List<String> heldOut = new ArrayList<>();
            at.path("held_out_patients").forEach(patient -> heldOut.add(patient.asText()));
            line.add(new Ancestor(
                    at.path("model").asText(),
                    at.path("cohort").asText(),
                    at.path("split").asText(),
                    heldOut));
        }
        return line;
    }

    /**
     * Refuses a set that holds a patient or a picture that this bundle holds out, and a test part with one that it was trained on.
     * Pictures are compared where the ancestor's cohort is in the warehouse.
     *
     * @throws InputException naming them
     */
    void check(Warehouse warehouse, LabelledCohort data, TrainingSet set) {
        boolean same = cohort.isEmpty() || cohort.equals(data.cohort());
        if (same) {
            refuse(
                    "holds out patients that are offered for training",
                    among(offered(set).map(Example::patientId), heldOut));
            if (!cohort.isEmpty() && !split.equals(data.split())) {
                TreeSet<String> seen = new TreeSet<>(data.heldOut());
                heldOut.forEach(seen::remove);
                refuse("may have been trained on patients of this split's test part", seen);
            }
        }
        Map<String, String> held = new TreeMap<>();
        Map<String, String> learned = new TreeMap<>();
        pictures(warehouse, held, learned);
        refuse(
                "holds out pictures that are offered for training",
                among(offered(set).map(Example::pixelSha256), held));
        refuse(
                "was trained on pictures of this split's test part",
                among(data.heldOutPictures().keySet().stream(), learned));
    }

    private static Stream<Example> offered(TrainingSet set) {
        return Stream.concat(set.train().stream(), set.validation().stream());
    }

    private static TreeSet<String> among(Stream<String> offered, Collection<String> out) {
        TreeSet<String> found = new TreeSet<>(out);
        found.retainAll(offered.collect(java.util.stream.Collectors.toSet()));
        return found;
    }

    /** The patients, by the name that the ancestor's cohort gives them, whose pictures are among the offered. */
    private static TreeSet<String> among(Stream<String> offered, Map<String, String> patientByPicture) {
        TreeSet<String> found = new TreeSet<>();
        offered.filter(patientByPicture::containsKey).forEach(hash -> found.add(patientByPicture.get(hash)));
        return found;
    }

    private void pictures(Warehouse warehouse, Map<String, String> held, Map<String, String> learned) {
        Dataset<Row> trained = warehouse
                .read(PartRow.TABLE, cohort)
                .where(col("split").equalTo(split).and(col("part").notEqual(Part.TEST.word())))
                .select("patient_id");
        Dataset<Row> radiographs = warehouse.read(RadiographRow.TABLE, cohort);
        for (Row row : radiographs
                .join(trained, "patient_id")
                .select("pixel_sha256", "patient_id")
                .collectAsList()) {
            learned.put(row.getString(0), row.getString(1));
        }
        TreeSet<String> patients = new TreeSet<>(heldOut);
        for (Row row : radiographs.select("pixel_sha256", "patient_id").collectAsList()) {
            if (patients.contains(row.getString(1))) {
                held.put(row.getString(0), row.getString(1));
            }
        }
    }

    private void refuse(String what, TreeSet<String> patients) {
        if (!patients.isEmpty()) {
            List<String> some = patients.stream().limit(NAMED).toList();
            throw new InputException(
                    "bundle " + model,
                    what,
                    String.join(", ", some)
                            + (some.size() < patients.size()
                                    ? " and " + (patients.size() - some.size()) + " more"
                                    : ""),
                    "use the split that the bundle was trained with"
                            + (cohort.isEmpty() ? "" : ": " + split + " of " + cohort)
                            + ", or leave these patients out");
        }
    }
}
