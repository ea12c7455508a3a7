package io.patella.engine;

import io.patella.network.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What goes into and comes out of a method of a {@link Program}. */
public sealed interface Value {
    /** A tensor, copied in and out of the engine. Inputs over direct buffers are not copied on the CPU. */
    record Of(Tensor tensor) implements Value {}

    /** An {@code int} of the program, 64 bits. */
    record Whole(long number) implements Value {}

    /** A {@code float} of the program, a double. */
    record Real(double number) implements Value {}

    /** A {@code bool}. */
    record Flag(boolean set) implements Value {}

    /** A {@code str}. */
    record Text(String text) implements Value {}

    /** {@code None}; comes out only. */
    record Nothing() implements Value {}

    /** A list of one kind. An empty one goes in as {@code List[Tensor]}. */
    record Sequence(List<Value> items) implements Value {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** A tuple. */
    record Tuple(List<Value> items) implements Value {
        public Tuple {
            items = List.copyOf(items);
        }
    }

    /** A {@code Dict[str, ...]}; goes in with tensors only. The engine does not keep its order. */
    record Named(Map<String, Value> items) implements Value {
        public Named {
            items = Map.copyOf(items);
        }
    }

    /** Tensors that live in the engine across calls, see {@link Program#parameters()}. Goes in as {@code List[Tensor]}. */
    record Kept(Resident tensors) implements Value {}

    static Value of(Tensor tensor) {
        return new Of(tensor);
    }

    static Value of(long number) {
        return new Whole(number);
    }

    static Value of(double number) {
        return new Real(number);
    }

    static Value of(boolean set) {
        return new Flag(set);
    }

    static Value of(Resident tensors) {
        return new Kept(tensors);
    }

    /** A {@code List[Tensor]}. */
    static Value list(Tensor... tensors) {
        return new Sequence(Arrays.stream(tensors).map(Value::of).toList());
    }

    /** A {@code List[float]}. */
    static Value list(double... numbers) {
        return new Sequence(Arrays.stream(numbers).mapToObj(Value::of).toList());
    }

    /**
     * The tensor.
     *
     * @throws IllegalStateException when this is none
     */
    default Tensor asTensor() {
        if (this instanceof Of of) {
            return of.tensor();
        }
        throw new IllegalStateException("expected a tensor, the program returned " + this);
    }

    /**
     * An int, float or bool as a double.
     *
     * @throws IllegalStateException when this is no number
     */
    default double asNumber() {
        if (this instanceof Whole whole) {
            return whole.number();
        }
        if (this instanceof Real real) {
            return real.number();
        }
        if (this instanceof Flag flag) {
            return flag.set() ? 1 : 0;
        }
        throw new IllegalStateException("expected a number, the program returned " + this);
    }

    /**
     * The members of a list or tuple.
     *
     * @throws IllegalStateException when this is neither
     */
    default List<Value> asList() {
        if (this instanceof Sequence list) {
            return list.items();
        }
        if (this instanceof Tuple tuple) {
            return tuple.items();
        }
        throw new IllegalStateException("expected a list or tuple, the program returned " + this);
    }

    /**
     * The entries of a dictionary.
     *
     * @throws IllegalStateException when this is none
     */
    default Map<String, Value> asMap() {
        if (this instanceof Named named) {
            return named.items();
        }
        throw new IllegalStateException("expected a dictionary, the program returned " + this);
    }
}
