package io.patella.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values over the border and back. Every IValue that is made here is closed here or handed to the caller to close. */
final class Marshal {
    private Marshal() {}

    /** The engine's input for {@code value}; the caller closes it unless it is {@link Value.Kept}. */
    static IValue toEngine(Value value, PtNDManager manager) {
        if (value instanceof Value.Of of) {
            return IValue.from(toArray(of.tensor(), manager));
        }
        if (value instanceof Value.Whole whole) {
            return IValue.from(whole.number());
        }
        if (value instanceof Value.Real real) {
            return IValue.from(real.number());
        }
        if (value instanceof Value.Flag flag) {
            return IValue.from(flag.set());
        }
        if (value instanceof Value.Text text) {
            return IValue.from(text.text());
        }
        if (value instanceof Value.Kept kept) {
            return kept.tensors().list();
        }
        if (value instanceof Value.Sequence list) {
            return toEngine(list, manager);
        }
        if (value instanceof Value.Tuple tuple) {
            List<IValue> items = new ArrayList<>();
            try {
                for (Value item : tuple.items()) {
                    items.add(toEngine(item, manager));
                }
                return IValue.tupleFrom(items.toArray(IValue[]::new));
            } finally {
                close(tuple.items(), items);
            }
        }
        if (value instanceof Value.Named named) {
            Map<String, PtNDArray> tensors = new LinkedHashMap<>();
            named.items().forEach((name, item) -> tensors.put(name, toArray(item.asTensor(), manager)));
            return IValue.stringMapFrom(tensors);
        }
        throw new IllegalArgumentException("no input for a program: " + value);
    }

    private static IValue toEngine(Value.Sequence list, PtNDManager manager) {
        List<Value> items = list.items();
        if (items.stream().allMatch(Value.Of.class::isInstance)) {
            return IValue.listFrom(items.stream()
                    .map(item -> toArray(item.asTensor(), manager))
                    .toArray(PtNDArray[]::new));
        }
        if (items.stream().allMatch(Value.Whole.class::isInstance)) {
            return IValue.listFrom(items.stream()
                    .mapToLong(item -> ((Value.Whole) item).number())
                    .toArray());
        }
        if (items.stream().allMatch(Value.Real.class::isInstance)) {
            return IValue.listFrom(items.stream().mapToDouble(Value::asNumber).toArray());
        }
        throw new IllegalArgumentException("a list holds tensors, ints or floats only: " + list);
    }

    /** Closes the engine's inputs, except those that outlive the call. */
    static void close(List<Value> values, List<IValue> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            if (!(values.get(i) instanceof Value.Kept)) {
                inputs.get(i).close();
            }
        }
    }

    /** Copies {@code value} and closes it. */
    static Value fromEngine(IValue value, PtNDManager manager) {
        try (value) {
            if (value.isTensor()) {
                return Value.of(toTensor(value.toTensor(manager)));
            }
            if (value.isBoolean()) {
                return Value.of(value.toBoolean());
            }
            if (value.isLong()) {
                return Value.of(value.toLong());
            }
            if (value.isDouble()) {
                return Value.of(value.toDouble());
            }
            if (value.isString()) {
                return new Value.Text(value.toStringValue());
            }
            if (value.isTuple()) {
                return new Value.Tuple(all(value.toIValueTuple(), manager));
            }
            if (value.isMap()) {
                Map<String, Value> items = new LinkedHashMap<>();
                value.toIValueMap().forEach((name, item) -> items.put(name, fromEngine(item, manager)));
                return new Value.Named(items);
            }
            if (value.isTensorList()) {
                List<Value> items = new ArrayList<>();
                for (PtNDArray each : value.toTensorArray(manager)) {
                    items.add(Value.of(toTensor(each)));
                }
                return new Value.Sequence(items);
            }
            if (value.isLongList()) {
                List<Value> items = new ArrayList<>();
                for (long each : value.toLongArray()) {
                    items.add(Value.of(each));
                }
                return new Value.Sequence(items);
            }
            if (value.isDoubleList()) {
                List<Value> items = new ArrayList<>();
                for (double each : value.toDoubleArray()) {
                    items.add(Value.of(each));
                }
                return new Value.Sequence(items);
            }
            if (value.isList()) {
                return new Value.Sequence(all(value.toIValueArray(), manager));
            }
            return new Value.Nothing();
        }
    }

    private static List<Value> all(IValue[] values, PtNDManager manager) {
        List<Value> items = new ArrayList<>();
        for (IValue each : values) {
            items.add(fromEngine(each, manager));
        }
        return items;
    }

    /** A tensor of the engine over {@code tensor}'s bytes (direct buffers on the CPU are shared, the rest is copied). */
    static PtNDArray toArray(Tensor tensor, PtNDManager manager) {
        DataType type = dataType(tensor.type());
        ByteBuffer bytes = direct(tensor.bytes());
        return JniUtils.createNdFromByteBuffer(
                manager,
                bytes,
                new Shape(tensor.shape()),
                type,
                ai.djl.ndarray.types.SparseFormat.DENSE,
                manager.getDevice());
    }

    /** The same bytes in a direct buffer that starts at its own position 0. */
    static ByteBuffer direct(ByteBuffer bytes) {
        if (bytes.isDirect() && !bytes.isReadOnly()) {
            return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer copy = ByteBuffer.allocateDirect(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(bytes.duplicate());
        return copy.flip();
    }

    /** A copy of the array, row-major; bfloat16 comes out as float32. */
    static Tensor toTensor(PtNDArray array) {
        if (array.getDataType() == DataType.UNKNOWN) { // bfloat16 has no name in DJL
            try (var floats = array.toType(DataType.FLOAT32, true)) {
                return toTensor(floats);
            }
        }
        ElementType type = elementType(array.getDataType());
        long[] shape = array.getShape().getShape();
        if (array.getShape().size() == 0) {
            return new Tensor(type, shape, ByteBuffer.allocate(0));
        }
        ByteBuffer source = JniUtils.getByteBuffer(array, true);
        ByteBuffer copy = source.remaining() < 1 << 16
                ? ByteBuffer.allocate(source.remaining())
                : ByteBuffer.allocateDirect(source.remaining());
        return new Tensor(type, shape, copy.put(source).flip());
    }

    /** DJL's name of a type. Its native switch aborts the process on the others, so they never pass. */
    static DataType dataType(ElementType type) {
        return switch (type) {
            case F64 -> DataType.FLOAT64;
            case F32 -> DataType.FLOAT32;
            case F16 -> DataType.FLOAT16;
            case I64 -> DataType.INT64;
            case I32 -> DataType.INT32;
            case I8 -> DataType.INT8;
            case U8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
            case BF16, I16 ->
                throw new IllegalArgumentException(
                        type + " tensors do not cross into the engine; pass float32 and cast in the program");
        };
    }

    private static ElementType elementType(DataType type) {
        return switch (type) {
            case FLOAT64 -> ElementType.F64;
            case FLOAT32 -> ElementType.F32;
            case FLOAT16 -> ElementType.F16;
            case INT64 -> ElementType.I64;
            case INT32 -> ElementType.I32;
            case INT8 -> ElementType.I8;
            case UINT8 -> ElementType.U8;
            case BOOLEAN -> ElementType.BOOL;
            default -> throw new IllegalStateException("a program returned a tensor of type " + type);
        };
    }
}
