package io.patella.network.program;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The source text of a tree of modules: one class for each distinct text. */
final class ProgramText {
    private final Map<String, String> typeOfText = new LinkedHashMap<>();
    private final Map<String, Integer> classesOfName = new HashMap<>();
    private final IdentityHashMap<ProgramModule, String> typeOfModule = new IdentityHashMap<>();
    private final StringBuilder source = new StringBuilder();

    ProgramText(ProgramModule root) {
        define(root);
    }

    String source() {
        return source.toString();
    }

    /** The class's name without {@code __torch__.}. */
    String className(ProgramModule module) {
        return Objects.requireNonNull(typeOfModule.get(module)).substring("__torch__.".length());
    }

    private String define(ProgramModule module) {
        StringBuilder text = new StringBuilder("  __parameters__ = [");
        module.slots().forEach((name, slot) -> {
            if (slot.kind() == Slot.Kind.PARAMETER) {
                text.append('"').append(name).append("\", ");
            }
        });
        text.append("]\n  __buffers__ = [");
        module.slots().forEach((name, slot) -> {
            if (slot.kind() != Slot.Kind.PARAMETER) {
                text.append('"').append(name).append("\", ");
            }
        });
        text.append("]\n");
        module.slots().forEach((name, slot) -> field(text, name, "Tensor"));
        field(text, "training", "bool");
        module.attributes().forEach((name, value) -> field(text, name, typeOf(value)));
        module.children().forEach((name, child) -> field(text, name, define(child)));
        module.methods().forEach(text::append);
        String type = typeOfText.computeIfAbsent(module.className() + "|" + text, key -> {
            int number = classesOfName.merge(module.className(), 1, Integer::sum);
            String name = number == 1 ? module.className() : module.className() + "_" + number;
            source.append("class ").append(name).append("(Module):\n");
            source.append(text.toString().replace("self: SELF", "self: __torch__." + name));
            source.append('\n');
            return "__torch__." + name;
        });
        typeOfModule.put(module, type);
        return type;
    }

    private static void field(StringBuilder text, String name, String type) {
        text.append("  ");
        if (ProgramModule.isIdentifier(name)) {
            text.append(name).append(" : ");
        } else {
            text.append("__annotations__[\"").append(name).append("\"] = ");
        }
        text.append(type).append('\n');
    }

    private static String typeOf(Object value) {
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        return value instanceof String ? "str" : "Optional[Tensor]";
    }
}
