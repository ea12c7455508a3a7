package io.patella.engine;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
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
            all.put(names.get(i), Marshal.toTensor(arrays.get(i)));
        }
        return all;
    }

    /**
     * Overwrites tensors in place, whatever their memory layout; names that this does not hold are ignored.
     *
     * @return how many were written
     * @throws IllegalArgumentException when a tensor has another type or shape
     */
    public int write(Map<String, Tensor> values) {
        int written = 0;
        for (int i = 0; i < names.size(); i++) {
            Tensor value = values.get(names.get(i));
            if (value != null) {
                write(i, value);
                written++;
            }
        }
        return written;
    }

    private void write(int i, Tensor value) {
        PtNDArray target = arrays.get(i);
        long[] shape = target.getShape().getShape();
        if (!Arrays.equals(shape, value.shape()) || Marshal.dataType(value.type()) != target.getDataType()) {
            throw new IllegalArgumentException(names.get(i) + ": expected " + target.getDataType() + " "
                    + Arrays.toString(shape) + ", got " + value.type() + " " + Arrays.toString(value.shape()));
        }
        ByteBuffer bytes = Marshal.direct(value.bytes());
        JniUtils.set(target, bytes); // Tensor.copy_: keeps target's layout, so that lists and modules go on seeing it
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
