package io.patella.engine.golden;

import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Weights and inputs that a formula gives, so that full-size networks can be compared without storing any. */
final class FormulaTensor {
    private static final String SALT = "klgold";

    private FormulaTensor() {}

    /** The parameter or buffer of that name: an offset and a scale by its kind, and a uniform number for each element. */
    static Tensor parameter(String name, long... shape) {
        String leaf = name.substring(name.lastIndexOf('.') + 1);
        boolean wide = shape.length >= 2;
        return switch (leaf) {
            case "running_mean" -> of(name, 0, 0.1, shape);
            case "running_var" -> of(name, 1, 0.25, shape);
            case "gamma", "gamma_1", "gamma_2", "skipinit_gain" -> of(name, 0.25, 0.125, shape);
            case "gain" -> of(name, 1, 0.25, shape);
            default -> {
                if (wide && (leaf.equals("cls_token") || leaf.equals("reg_token") || leaf.equals("pos_embed"))) {
                    yield of(name, 0, 0.25, shape);
                }
                if (wide) {
                    double fan = 1;
                    for (int i = 1; i < shape.length; i++) {
                        fan *= shape[i];
                    }
                    yield of(name, 0, 1.75 / Math.sqrt(fan), shape);
                }
                if (name.endsWith("bn3.weight")) {
                    yield of(name, 0.25, 0.125, shape);
                }
                yield leaf.equals("weight") ? of(name, 1, 0.25, shape) : of(name, 0, 0.0625, shape);
            }
        };
    }

    /** Elements offset + scale * u, u uniform in [-1, 1), rounded once to float32. */
    static Tensor of(String name, double offset, double scale, long... shape) {
        long seed = hash(SALT + ":" + name);
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.toIntExact(4 * elements)).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < elements; i++) {
            long z = seed + (i + 1) * 0x9e3779b97f4a7c15L;
            z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            z = z ^ (z >>> 31);
            double u = (z >>> 40) * 0x1p-23 - 1;
            bytes.putFloat((float) (offset + scale * u));
        }
        return new Tensor(ElementType.F32, shape, bytes.flip());
    }

    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 255)) * 0x100000001b3L;
        }
        return hash;
    }
}
