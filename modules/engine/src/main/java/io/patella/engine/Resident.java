package io.patella.engine;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.patella.network.weights.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named tensors that stay in the engine between calls: a program's parameters and statistics (the very ones it computes with), an
 * optimiser's moments, an average of the weights. Passed to a method as one {@code List[Tensor]}, in the order of {@link #names()}.
 *
 * <p>Not safe while a call that writes them is running. Close it before its program.
 */
public final class Resident implements AutoCloseable {
    private final List<String> names;
    private final List<PtNDArray> arrays;
    private final IValue list;

    Resident(List<String> names, List<PtNDArray> arrays) {
        this.names = List.copyOf(names);
        this.arrays = List.copyOf(arrays);
        this.list = IValue.listFrom(arrays.toArray(PtNDArray[]::new));
    }

    /** The tensors' names, in the order in which a method gets them. */
    public List<String> names() {
        return names;
    }

    /** Total number of elements. */
    public long elements() {
        return arrays.stream().mapToLong(each -> each.getShape().size()).sum();
    }

    /** A copy of everything, by name, in order. */
    public Map<String, Tensor> read() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            // what DJL makes on the way (a row-major or a host copy) goes to the array's manager: ours would keep it to
            // its own end
            try (NDManager scope = arrays.get(i).getManager().newSubManager()) {
                PtNDArray view = JniUtils.detachGradient(arrays.get(i));
                view.attach(scope);
                all.put(names.get(i), Marshal.toTensor(view));
            }
        }
        return all;
    }

    /** Some of these tensors in another order. */
    public Resident select(List<String> order) {
        return new Resident(
                order,
                order.stream().map(name -> arrays.get(names.indexOf(name))).toList());
    }

    IValue list() {
        return list;
    }

    List<PtNDArray> arrays() {
        return arrays;
    }

    /** Closes what this made. Parameters of a program stay with the program. */
    @Override
    public void close() {
        list.close();
    }

    static Resident sorted(Map<String, PtNDArray> byName) {
        List<String> names = new ArrayList<>(byName.keySet());
        names.sort(null);
        return new Resident(
                names,
                names.stream()
                        .map(name -> {
                            PtNDArray array = byName.get(name);
                            if (array == null) {
                                throw new IllegalStateException(name);
                            }
                            return array;
                        })
                        .toList());
    }
}
