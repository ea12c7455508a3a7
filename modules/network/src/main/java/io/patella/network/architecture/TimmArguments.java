package io.patella.network.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.cohort.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Arguments of a timm constructor; whatever nobody asked for in the end is refused by name. */
final class TimmArguments {
    private final String madeBy;
    private final JsonNode arguments;
    private final Set<String> asked = new HashSet<>();
    private final List<String> refused = new ArrayList<>();

    TimmArguments(String madeBy, JsonNode arguments) {
        this.madeBy = madeBy;
        this.arguments = arguments;
    }

    boolean has(String name) {
        return arguments.has(name);
    }

    JsonNode node(String name) {
        asked.add(name);
        return arguments.path(name);
    }

    int integer(String name, int standard) {
        JsonNode node = node(name);
        if (node.isMissingNode() || node.isNull()) {
            return standard;
        }
        if (!node.canConvertToExactIntegral()) {
            throw unsupported(name);
        }
        return node.intValue();
    }

    double number(String name, double standard) {
        JsonNode node = node(name);
        if (node.isMissingNode()) {
            return standard;
        }
        if (!node.isNumber()) {
            throw unsupported(name);
        }
        return node.doubleValue();
    }

    boolean flag(String name, boolean standard) {
        JsonNode node = node(name);
        if (node.isMissingNode()) {
            return standard;
        }
        if (!node.isBoolean()) {
            throw unsupported(name);
        }
        return node.booleanValue();
    }

    String text(String name, String standard) {
        JsonNode node = node(name);
        if (node.isMissingNode() || node.isNull()) {
            return standard;
        }
        if (!node.isTextual()) {
            throw unsupported(name);
        }
        return node.textValue();
    }

    /** A list of integers, or one integer that stands for as many as {@code standard} has. */
    List<Integer> integers(String name, List<Integer> standard) {
        JsonNode node = node(name);
        if (node.isMissingNode() || node.isNull()) {
            return standard;
        }
        if (node.canConvertToExactIntegral()) {
            return Collections.nCopies(Math.max(1, standard.size()), node.intValue());
        }
        List<Integer> values = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.canConvertToExactIntegral()) {
                throw unsupported(name);
            }
            values.add(item.intValue());
        }
        if (values.isEmpty()) {
            throw unsupported(name);
        }
        return values;
    }

    /** One positive number for each of four stages. */
    List<Integer> stages(String name, List<Integer> standard) {
        List<Integer> values = integers(name, standard);
        if (values.size() != 4 || values.stream().anyMatch(each -> each < 1)) {
            throw new InputException(
                    madeBy,
                    "does not have four positive numbers, one for each stage",
                    name + "=" + arguments.path(name),
                    "such as [3, 3, 9, 3]");
        }
        return values;
    }

    /** The argument may be there with the one value that we have. */
    void accept(String name, String... values) {
        JsonNode node = node(name);
        if (node.isMissingNode() || node.isNull()) {
            return;
        }
        if (!List.of(values).contains(node.asText())) {
            refused.add(name + "=" + node);
        }
    }

    /** Arguments that only change how a network trains in timm. */
    void ignoreTraining(String... names) {
        Collections.addAll(asked, names);
    }

    InputException unsupported(String name) {
        return new InputException(
                madeBy, "unsupported argument", name + "=" + arguments.path(name), "see docs/networks.md");
    }

    /**
     * Checks that nothing is left.
     *
     * @throws InputException naming every argument that nobody understood
     */
    void refuseOthers() {
        arguments.fieldNames().forEachRemaining(name -> {
            if (!asked.contains(name)) {
                refused.add(name + "=" + arguments.get(name));
            }
        });
        if (!refused.isEmpty()) {
            throw new InputException(
                    madeBy,
                    "unsupported arguments",
                    String.join(", ", refused),
                    "only the value timm starts from is known");
        }
    }
}
