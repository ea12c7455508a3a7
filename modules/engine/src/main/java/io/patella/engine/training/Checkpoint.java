package io.patella.engine.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.SafetensorsWriter;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stands, in one safetensors file that is replaced as a whole: the tensors (weights, running statistics, their averages,
 * moments, step counters), and as metadata everything else. Random numbers need no state: they are functions of seed, epoch and place.
 */
final class Checkpoint {
    private static final String KEY = "patella_training";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Checkpoint() {}

    /**
     * Where a run stands, but for its tensors.
     *
     * @param run identity of the run: recipe, grader, preparation, data
     * @param epoch whole epochs done
     * @param batch forward passes of the next epoch done
     * @param sum of the losses of these, and how many steps it holds
     * @param accuracy sum of the shares of pictures graded right; null where an earlier version did some of them
     * @param history epochs done
     * @param bestEpoch the epoch of the best weights, 0 for none
     * @param bestIsAverage whether these are the moving average
     */
    record Progress(
            String run,
            int epoch,
            int batch,
            LossTerms sum,
            @Nullable Double accuracy,
            int steps,
            List<Epoch> history,
            int bestEpoch,
            boolean bestIsAverage) {
        static Progress start(String run) {
            return new Progress(run, 0, 0, LossTerms.ZERO, 0.0, 0, List.of(), 0, false);
        }

        /** QWK of the best weights so far, below every kappa when there are none. */
        double bestQwk() {
            return bestEpoch == 0 ? -2 : history.get(bestEpoch - 1).bestQwk();
        }
    }

    static void write(Path file, Progress progress, Map<String, Tensor> tensors) {
        try {
            SafetensorsWriter.write(file, tensors, Map.of(KEY, json(progress)));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot save the checkpoint " + file + ": " + e.getMessage() + "; the one before is intact", e);
        }
    }

    /** Reads the progress, or null when there is no such file. */
    static @Nullable Progress progress(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            String text = reader.metadata().get(KEY);
            if (text == null) {
                throw new InputException(
                        file.toString(), "is no checkpoint of a training, lacks", KEY, "use another folder");
            }
            return parse(JSON.readTree(text));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the checkpoint " + file + ": " + e.getMessage(), e);
        }
    }

    static Map<String, Tensor> tensors(Path file) {
        try {
            return SafetensorsReader.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the checkpoint " + file + ": " + e.getMessage(), e);
        }
    }

    /** The tensors whose names begin with {@code prefix}, without it. */
    static Map<String, Tensor> below(Map<String, Tensor> tensors, String prefix) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                out.put(name.substring(prefix.length()), tensor);
            }
        });
        return out;
    }

    private static String json(Progress progress) {
        ObjectNode node = JSON.createObjectNode();
        node.put("run", progress.run());
        node.put("epoch", progress.epoch());
        node.put("batch", progress.batch());
        node.set("sum", losses(progress.sum()));
        node.put("accuracy", progress.accuracy());
        node.put("steps", progress.steps());
        node.put("best_epoch", progress.bestEpoch());
        node.put("best_is_average", progress.bestIsAverage());
        ArrayNode history = node.putArray("history");
        progress.history().forEach(each -> history.add(epoch(each)));
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Progress parse(JsonNode node) {
        List<Epoch> history = new ArrayList<>();
        node.get("history").forEach(each -> history.add(epoch(each)));
        return new Progress(
                node.get("run").asText(),
                node.get("epoch").asInt(),
                node.get("batch").asInt(),
                losses(node.get("sum")),
                node.get("batch").asInt() == 0 ? Double.valueOf(0) : number(node.path("accuracy")),
                node.get("steps").asInt(),
                history,
                node.get("best_epoch").asInt(),
                node.get("best_is_average").asBoolean());
    }

    private static ArrayNode losses(LossTerms losses) {
        return JSON.createArrayNode()
                .add(losses.total())
                .add(losses.ordinal())
                .add(losses.distribution())
                .add(losses.binary());
    }

    private static LossTerms losses(JsonNode node) {
        return new LossTerms(
                node.get(0).asDouble(),
                node.get(1).asDouble(),
                node.get(2).asDouble(),
                node.get(3).asDouble());
    }

    private static @Nullable Double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : null;
    }

    private static ObjectNode epoch(Epoch epoch) {
        ObjectNode node = JSON.createObjectNode();
        node.put("epoch", epoch.epoch());
        node.set("train", losses(epoch.train()));
        node.put("train_accuracy", epoch.trainAccuracy());
        node.set("raw", validation(epoch.raw()));
        node.set("average", validation(epoch.average()));
        node.put("data_wait", epoch.dataWait());
        node.put("seconds", epoch.seconds());
        return node;
    }

    private static Epoch epoch(JsonNode node) {
        return new Epoch(
                node.get("epoch").asInt(),
                losses(node.get("train")),
                number(node.path("train_accuracy")),
                validation(node.get("raw")),
                validation(node.get("average")),
                node.get("data_wait").asDouble(),
                node.get("seconds").asDouble());
    }

    private static ObjectNode validation(Epoch.Validation validation) {
        ObjectNode node = JSON.createObjectNode();
        node.put("qwk", validation.qwk());
        node.put("accuracy", validation.accuracy());
        node.put("mae", validation.meanAbsoluteError());
        node.set("losses", losses(validation.losses()));
        return node;
    }

    private static Epoch.Validation validation(JsonNode node) {
        return new Epoch.Validation(
                node.get("qwk").asDouble(),
                node.get("accuracy").asDouble(),
                node.get("mae").asDouble(),
                losses(node.get("losses")));
    }
}
