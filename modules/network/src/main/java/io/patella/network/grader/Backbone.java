package io.patella.network.grader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.network.architecture.Architecture;
import io.patella.network.architecture.Architectures;

/**
 * Which backbone stands in a stream: a name of timm's, or timm's class and its arguments.
 *
 * @param json {@code {"timm": "resnet50"}} or {@code {"made_by": "timm.models.resnet.ResNet", "config": {...}}}
 */
public record Backbone(JsonNode json) {
    /** Copies the node. */
    public Backbone {
        json = json.deepCopy();
        boolean named = json.path("timm").isTextual();
        if (!named && !(json.path("made_by").isTextual() && json.path("config").isObject())) {
            throw new InputException("backbone", "needs timm, or made_by and config", json, "{\"timm\": \"resnet50\"}");
        }
    }

    /** A backbone by timm's name. */
    public static Backbone named(String timm) {
        return new Backbone(JsonNodeFactory.instance.objectNode().put("timm", timm));
    }

    /** A backbone by timm's class and arguments. */
    public static Backbone of(String madeBy, JsonNode config) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("made_by", madeBy);
        node.set("config", config);
        return new Backbone(node);
    }

    /**
     * The network.
     *
     * @throws InputException when the name or an argument is unknown
     */
    public Architecture architecture() {
        return json.path("timm").isTextual()
                ? Architectures.byName(json.path("timm").textValue()).architecture()
                : Architectures.fromTimm(json.path("made_by").textValue(), json.path("config"));
    }
}
