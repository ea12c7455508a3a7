package io.patella.network.program;

import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reorders four-dimensional tensors between N,C,H,W and N,H,W,C. */
final class ChannelsLast {
    private ChannelsLast() {}

    static ByteBuffer fromRowMajor(Tensor tensor) {
        long[] shape = tensor.shape();
        return transpose(tensor.bytes(), tensor.type(), (int) shape[0], (int) shape[1], (int) (shape[2] * shape[3]));
    }

    static Tensor toRowMajor(ElementType type, long[] shape, ByteBuffer channelsLast) {
        ByteBuffer bytes = transpose(channelsLast, type, (int) shape[0], (int) (shape[2] * shape[3]), (int) shape[1]);
        return new Tensor(type, shape, bytes);
    }

    /** [outer, rows, columns] to [outer, columns, rows]. */
    private static ByteBuffer transpose(ByteBuffer source, ElementType type, int outer, int rows, int columns) {
        ByteBuffer from = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (rows == 1 || columns == 1) {
            return from;
        }
        ByteBuffer to = ByteBuffer.allocateDirect(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        int size = type.bytes();
        int at = 0;
        for (int o = 0; o < outer; o++) {
            int plane = o * rows * columns;
            for (int c = 0; c < columns; c++) {
                for (int r = 0; r < rows; r++, at += size) {
                    int index = (plane + r * columns + c) * size;
                    switch (size) {
                        case 8 -> to.putLong(at, from.getLong(index));
                        case 4 -> to.putInt(at, from.getInt(index));
                        case 2 -> to.putShort(at, from.getShort(index));
                        default -> to.put(at, from.get(index));
                    }
                }
            }
        }
        return to;
    }
}
