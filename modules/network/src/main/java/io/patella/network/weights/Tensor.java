package io.patella.network.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor outside of any engine: type, shape and row-major little-endian bytes (heap, direct or mapped).
 */
public final class Tensor {
    private final ElementType type;
    private final long[] shape;
    private final ByteBuffer bytes;

    /**
     * Wraps {@code bytes} without a copy.
     *
     * @param type element type
     * @param shape sizes, outermost first; empty for a scalar
     * @param content exactly {@code elements * type.bytes()} bytes from its position to its limit, little-endian
     * @throws IllegalArgumentException when shape and bytes do not fit each other
     */
    public Tensor(ElementType type, long[] shape, ByteBuffer content) {
        this.type = type;
        this.shape = shape.clone();
        this.bytes = content.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (elements(shape) * type.bytes() != bytes.remaining()) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " of " + type + " wants "
                    + elements(shape) * type.bytes() + " bytes, got " + bytes.remaining());
        }
    }

    /** A float32 tensor over a copy of {@code values}. */
    public static Tensor of(float[] values, long... shape) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new Tensor(ElementType.F32, shape, bytes);
    }

    /** Element type. */
    public ElementType type() {
        return type;
    }

    /** Sizes, outermost first; empty for a scalar. A copy. */
    public long[] shape() {
        return shape.clone();
    }

    /** The row-major little-endian bytes, position 0 to limit; a view of the same memory. */
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Number of elements. */
    public long elements() {
        return elements(shape);
    }

    /** The elements as floats; F32, F16, BF16 and F64 are converted, integers widened. */
    public float[] toFloats() {
        float[] out = new float[Math.toIntExact(elements())];
        if (type == ElementType.F32) { // at once: weights are mostly these
            bytes.asFloatBuffer().get(out);
            return out;
        }
        for (int i = 0; i < out.length; i++) {
            out[i] = switch (type) {
                case F64 -> (float) bytes.getDouble(8 * i);
                case F32 -> bytes.getFloat(4 * i);
                case F16 -> halfToFloat(bytes.getShort(2 * i));
                case BF16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                case I64 -> bytes.getLong(8 * i);
                case I32 -> bytes.getInt(4 * i);
                case I16 -> bytes.getShort(2 * i);
                case I8 -> bytes.get(i);
                case U8, BOOL -> bytes.get(i) & 255;
            };
        }
        return out;
    }

    /**
     * The same numbers in another floating-point type, rounded once to the nearest, ties to even; too large becomes infinite.
     * Returns this tensor when it has the type already.
     *
     * @throws IllegalArgumentException when one of the two types is not floating-point
     */
    public Tensor as(ElementType wanted) {
        if (wanted == type) {
            return this;
        }
        if (!type.isFloatingPoint() || !wanted.isFloatingPoint()) {
            throw new IllegalArgumentException("cannot turn " + type + " into " + wanted);
        }
        int elements = Math.toIntExact(elements());
        ByteBuffer out = ByteBuffer.allocateDirect(Math.multiplyExact(elements, wanted.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            double value = floatingPoint(i);
            switch (wanted) {
                case F64 -> out.putDouble(value);
                case F32 -> out.putFloat((float) value);
                case F16 -> out.putShort(rounded(value, 10, 15));
                default -> out.putShort(rounded(value, 7, 127));
            }
        }
        return new Tensor(wanted, shape, out.flip());
    }

    /**
     * How many elements are not a number or infinite, and where the first of them is.
     *
     * @param count NaN and infinite elements
     * @param first flat row-major index of the first; -1 when there is none
     */
    public record NotFinite(long count, long first) {}

    /** Looks at every element; integers are always finite. */
    public NotFinite notFinite() {
        long count = 0;
        long first = -1;
        int elements = type.isFloatingPoint() ? Math.toIntExact(elements()) : 0;
        for (int i = 0; i < elements; i++) {
            if (!Double.isFinite(floatingPoint(i))) {
                first = count == 0 ? i : first;
                count++;
            }
        }
        return new NotFinite(count, first);
    }

    private double floatingPoint(int i) {
        return switch (type) {
            case F64 -> bytes.getDouble(8 * i);
            case F32 -> bytes.getFloat(4 * i);
            case F16 -> halfToFloat(bytes.getShort(2 * i));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
            default -> throw new IllegalStateException(type + " is not floating-point");
        };
    }

    /** A 16-bit float with {@code fraction} stored fraction bits and exponent bias {@code bias}, nearest to {@code value}. */
    private static short rounded(double value, int fraction, int bias) {
        int infinity = ((2 * bias + 1) << fraction);
        int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
        if (Double.isNaN(value)) {
            return (short) (sign | infinity | (1 << (fraction - 1)));
        }
        // Count in units of the last place of value's binade; below the smallest normal number the unit stays the same.
        int exponent = Math.max(Math.getExponent(value), 1 - bias);
        double units = Math.rint(Math.scalb(Math.abs(value), fraction - exponent));
        // The stored number is exponent and fraction as one integer: rounding up over the binade's end carries by
        // itself.
        double bits = units - (1 << fraction) + ((double) (exponent + bias)) * (1 << fraction);
        return (short) (sign | (int) Math.min(bits, infinity));
    }

    private static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 31;
        int fraction = half & 1023;
        if (exponent == 31) {
            return Float.intBitsToFloat(sign | 0x7f800000 | (fraction << 13));
        }
        if (exponent == 0) { // subnormal: fraction * 2^-24
            return Math.copySign(fraction * 0x1p-24f, Float.intBitsToFloat(sign));
        }
        return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
    }

    private static long elements(long[] shape) {
        long n = 1;
        for (long size : shape) {
            n = Math.multiplyExact(n, size);
        }
        return n;
    }
}
