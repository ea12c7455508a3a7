package io.patella.network.program;

import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A named place for a tensor in a module: what must fit into it, how it starts, and the tensor once it is there. */
public final class Slot {
    /** What the place is for. */
    public enum Kind {
        /** Learned by gradients. */
        PARAMETER,
        /** Moved by the forward pass in training (running statistics) or never. */
        BUFFER,
        /** As {@link #BUFFER}, and weight files may leave it out: counters. */
        OPTIONAL_BUFFER
    }

    private final Kind kind;
    private final ElementType type;
    private final long[] shape;
    private final Initial initial;
    private final boolean channelsLast;
    private final @Nullable Function<Function<String, Tensor>, Tensor> derivation;
    private @Nullable ProgramTensor value;
    private boolean given;

    private Slot(
            Kind kind,
            ElementType type,
            long[] shape,
            Initial initial,
            boolean channelsLast,
            @Nullable Function<Function<String, Tensor>, Tensor> derivation) {
        this.kind = kind;
        this.type = type;
        this.shape = shape.clone();
        this.initial = initial;
        this.channelsLast = channelsLast;
        this.derivation = derivation;
    }

    /** A float32 parameter; four-dimensional ones are stored channels-last. */
    static Slot parameter(Initial initial, long... shape) {
        return new Slot(Kind.PARAMETER, ElementType.F32, shape, initial, shape.length == 4, null);
    }

    static Slot buffer(Kind kind, ElementType type, Initial initial, long... shape) {
        return new Slot(kind, type, shape, initial, false, null);
    }

    /** A tensor made from others when weights are filled in; {@code derivation} finds them by name relative to its module's parent. */
    static Slot derived(
            ElementType type,
            long[] shape,
            boolean channelsLast,
            Function<Function<String, Tensor>, Tensor> derivation) {
        return new Slot(Kind.BUFFER, type, shape, Initial.ZEROS, channelsLast, derivation);
    }

    static Slot of(Kind kind, ProgramTensor tensor) {
        Slot slot = new Slot(
                kind, tensor.tensor().type(), tensor.tensor().shape(), Initial.ZEROS, tensor.channelsLast(), null);
        slot.value = tensor;
        slot.given = true;
        return slot;
    }

    public Kind kind() {
        return kind;
    }

    public ElementType type() {
        return type;
    }

    public long[] shape() {
        return shape.clone();
    }

    public Initial initial() {
        return initial;
    }

    /** The tensor, or null before weights were filled in. */
    public @Nullable ProgramTensor value() {
        return value;
    }

    /** Whether the tensor comes from others (folded weights) rather than from a weight of this name. */
    public boolean isDerived() {
        return derivation != null;
    }

    /** Whether the value came with the figure (tables, means), so that weight files have nothing to say about it. */
    public boolean isGiven() {
        return given;
    }

    void derive(Function<String, Tensor> named) {
        if (derivation != null) {
            put(derivation.apply(named));
        }
    }

    /**
     * Fills the place.
     *
     * @throws IllegalArgumentException when shape or type do not fit
     */
    public void put(Tensor tensor) {
        if (tensor.type() != type || !Arrays.equals(tensor.shape(), shape)) {
            throw new IllegalArgumentException("expected " + type + " " + Arrays.toString(shape) + ", got "
                    + tensor.type() + " " + Arrays.toString(tensor.shape()));
        }
        value = new ProgramTensor(tensor, channelsLast, kind == Kind.PARAMETER);
    }
}
