package io.patella.network.program;

import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One module of a program, as {@code torch.nn.Module} has them: tensors, plain attributes, children and methods. A tree of them is
 * a network; {@link ProgramArchive} writes it. Not thread-safe while it is being built.
 *
 * <p>Methods are ordinary TorchScript text. Functions are spelled {@code torch.f(...)}; types are numbers (6 float32, 15 bfloat16, 4
 * int64), memory format 2 is channels-last.
 */
public final class ProgramModule {
    /** Value of an attribute of type {@code Optional[Tensor]} that is None at load. */
    public static final Object NO_TENSOR = new Object();

    private final String className;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final Map<String, ProgramModule> children = new LinkedHashMap<>();
    private final List<String> methods = new ArrayList<>();

    /**
     * An empty module.
     *
     * @param className the class's name in the text; modules with the same text share one class
     */
    public ProgramModule(String className) {
        if (!isIdentifier(className)) {
            throw new IllegalArgumentException("not a class name: " + className);
        }
        this.className = className;
    }

    /** Declares a float32 parameter to be filled from weights; four-dimensional ones are stored channels-last. */
    public ProgramModule parameter(String name, Initial initial, long... shape) {
        return slot(name, Slot.parameter(initial, shape));
    }

    /** Adds a parameter with its value. */
    public ProgramModule parameter(String name, ProgramTensor value) {
        return slot(name, Slot.of(Slot.Kind.PARAMETER, value));
    }

    /** Declares a float32 buffer to be filled from weights: a running statistic. */
    public ProgramModule buffer(String name, Initial initial, long... shape) {
        return slot(name, Slot.buffer(Slot.Kind.BUFFER, ElementType.F32, initial, shape));
    }

    /** Declares an int64 scalar that weights may leave out: a counter. */
    public ProgramModule counter(String name) {
        return slot(name, Slot.buffer(Slot.Kind.OPTIONAL_BUFFER, ElementType.I64, Initial.ZEROS));
    }

    /** Adds a buffer with its value. */
    public ProgramModule buffer(String name, ProgramTensor value) {
        return slot(name, Slot.of(Slot.Kind.BUFFER, value));
    }

    /**
     * Declares a buffer that is computed from weights when they are filled in.
     *
     * @param derivation gets a look-up of weights by name relative to the parent of this module
     */
    public ProgramModule derived(
            String name,
            ElementType type,
            long[] shape,
            ProgramOrder order,
            Function<Function<String, Tensor>, Tensor> derivation) {
        return slot(name, Slot.derived(type, shape, order == ProgramOrder.CHANNELS_LAST, derivation));
    }

    /**
     * Adds a plain attribute.
     *
     * @param value a Boolean, Long, Double, String or {@link #NO_TENSOR}
     */
    public ProgramModule attribute(String name, Object value) {
        if (!(value instanceof Boolean
                || value instanceof Long
                || value instanceof Double
                || value instanceof String
                || value == NO_TENSOR)) {
            throw new IllegalArgumentException("attribute " + name + " of " + value.getClass());
        }
        requireNew(name);
        attributes.put(name, value);
        return this;
    }

    /** Adds a child; names that are no identifiers ("0") are reached by {@link #access}. */
    public ProgramModule child(String name, ProgramModule module) {
        requireNew(name);
        children.put(name, module);
        return this;
    }

    /**
     * Adds a method.
     *
     * @param signature without self: {@code forward(x: Tensor) -> Tensor}
     * @param lines its statements, indented by the caller only inside of {@code if} and {@code for}; several lines may stand in one string
     */
    public ProgramModule method(String signature, String... lines) {
        int open = signature.indexOf('(');
        if (open < 1 || !signature.contains("->")) {
            throw new IllegalArgumentException("not a signature: " + signature);
        }
        String rest = signature.substring(open + 1);
        StringBuilder text = new StringBuilder("  def ")
                .append(signature, 0, open)
                .append("(self: SELF")
                .append(rest.startsWith(")") ? "" : ", ")
                .append(rest)
                .append(":\n");
        for (String line : lines) {
            for (String one : line.split("\n", -1)) {
                text.append("    ").append(one).append('\n');
            }
        }
        methods.add(text.toString());
        return this;
    }

    /** A chain of children "0", "1", ...: {@code forward} calls one after the other. */
    public static ProgramModule sequence(String className, List<ProgramModule> modules) {
        ProgramModule sequence = new ProgramModule(className);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < modules.size(); i++) {
            sequence.child(Integer.toString(i), modules.get(i));
            lines.add("x = " + access(Integer.toString(i)) + ".forward(x)");
        }
        lines.add("return x");
        return sequence.method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0]));
    }

    /** The expression that reaches a descendant or a tensor: {@code "downsample.0"} is {@code getattr(self.downsample, "0")}. */
    public static String access(String path) {
        String expression = "self";
        for (String part : path.split("\\.", -1)) {
            expression = isIdentifier(part) ? expression + "." + part : "getattr(" + expression + ", \"" + part + "\")";
        }
        return expression;
    }

    /** Every declared tensor of the tree by its dotted name, this module's first, then the children's in order. */
    public Map<String, Slot> tensors() {
        Map<String, Slot> all = new LinkedHashMap<>();
        collect("", all);
        return all;
    }

    private void collect(String prefix, Map<String, Slot> all) {
        slots.forEach((name, slot) -> all.put(prefix + name, slot));
        children.forEach((name, child) -> child.collect(prefix + name + ".", all));
    }

    /** The parameters among {@link #tensors} by name. */
    public Map<String, Slot> parameters() {
        Map<String, Slot> all = tensors();
        all.values().removeIf(slot -> slot.kind() != Slot.Kind.PARAMETER);
        return all;
    }

    /** Computes every derived tensor of the tree; {@code named} finds a weight by its full name. */
    public void derive(Function<String, Tensor> named) {
        derive("", "", named);
    }

    private void derive(String parent, String prefix, Function<String, Tensor> named) {
        slots.values().forEach(slot -> slot.derive(name -> named.apply(parent + name)));
        children.forEach((name, child) -> child.derive(prefix, prefix + name + ".", named));
    }

    String className() {
        return className;
    }

    Map<String, Slot> slots() {
        return Collections.unmodifiableMap(slots);
    }

    Map<String, Object> attributes() {
        return Collections.unmodifiableMap(attributes);
    }

    /** The children by name. */
    public Map<String, ProgramModule> children() {
        return Collections.unmodifiableMap(children);
    }

    /** Whether this module has a method of that name. */
    public boolean hasMethod(String name) {
        return methods.stream().anyMatch(method -> method.startsWith("  def " + name + "("));
    }

    List<String> methods() {
        return Collections.unmodifiableList(methods);
    }

    private ProgramModule slot(String name, Slot slot) {
        requireNew(name);
        slots.put(name, slot);
        return this;
    }

    private void requireNew(String name) {
        if (name.isEmpty() || name.contains(".") || name.contains("\"") || name.contains("\n")) {
            throw new IllegalArgumentException("not a name: " + name);
        }
        if (slots.containsKey(name) || attributes.containsKey(name) || children.containsKey(name)) {
            throw new IllegalArgumentException(className + " already has " + name);
        }
    }

    static boolean isIdentifier(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*");
    }
}
