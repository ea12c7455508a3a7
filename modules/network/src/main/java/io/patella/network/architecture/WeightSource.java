package io.patella.network.architecture;

import io.patella.cohort.InputException;
import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.Slot;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Where a network's tensors come from. */
@FunctionalInterface
public interface WeightSource {
    /** Fills every declared tensor of {@code network}. */
    void fill(ProgramModule network);

    /**
     * Tensors by name, as a weight file has them; float types are widened or rounded to what the network stores. For fused layers
     * they are folded.
     *
     * @param given by dotted name, timm's (torchvision's are understood for MobileNetV2)
     * @param where the file, for messages
     */
    static WeightSource named(Map<String, Tensor> given, String where) {
        Map<String, Tensor> tensors = TorchvisionNames.toTimm(given);
        return network -> {
            // folded layers take their tensors by derivation, which finds what is missing, not what is left over
            boolean folded = network.tensors().values().stream().anyMatch(Slot::isDerived);
            put(network.tensors(), tensors, where, name -> folded);
            network.derive(name -> {
                Tensor tensor = tensors.get(name);
                if (tensor == null) {
                    throw new InputException(where, "weights lack", name, "take the weights of this very architecture");
                }
                return tensor;
            });
        };
    }

    /**
     * Drawn as timm draws them: each tensor from a stream of its own, by the seed and its name, so that a change elsewhere in the
     * network moves nothing.
     */
    static WeightSource seeded(long seed) {
        return network -> network.tensors().forEach((name, slot) -> {
            if (!slot.isGiven()) {
                slot.put(initial(slot, name, seed));
            }
        });
    }

    /**
     * As {@code first}, then a pretrained backbone over it: all of it. A classifier in the file stays there, since graders have heads of
     * their own.
     *
     * @param prefix where the backbone stands, such as {@code global_backbone}
     * @param given by timm's names (torchvision's are understood for MobileNetV2)
     * @param where the file, for messages
     */
    static WeightSource backbone(WeightSource first, String prefix, Map<String, Tensor> given, String where) {
        Map<String, Tensor> tensors = TorchvisionNames.toTimm(given);
        return network -> {
            first.fill(network);
            Map<String, Slot> slots = new LinkedHashMap<>();
            network.tensors().forEach((name, slot) -> {
                if (name.startsWith(prefix + ".")) {
                    slots.put(name.substring(prefix.length() + 1), slot);
                }
            });
            put(slots, tensors, where, WeightSource::ofClassifier);
        };
    }

    private static boolean ofClassifier(String name) {
        return name.matches("(classifier|fc|head\\.fc|head)\\.(weight|bias)");
    }

    /** @param spare whether a tensor may be there that the network lacks */
    private static void put(
            Map<String, Slot> slots, Map<String, Tensor> tensors, String where, Predicate<String> spare) {
        List<String> problems = new ArrayList<>();
        slots.forEach((name, slot) -> {
            if (slot.isDerived() || slot.isGiven()) {
                return;
            }
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                if (slot.kind() == Slot.Kind.OPTIONAL_BUFFER) {
                    slot.put(initial(slot, name, 0));
                } else {
                    problems.add("missing " + name + " " + Arrays.toString(slot.shape()));
                }
            } else if (!Arrays.equals(tensor.shape(), slot.shape())) {
                problems.add(name + " is " + Arrays.toString(tensor.shape()) + ", expected "
                        + Arrays.toString(slot.shape()));
            } else if (tensor.type().isFloatingPoint() != slot.type().isFloatingPoint()) {
                problems.add(name + " is " + tensor.type() + ", expected " + slot.type());
            } else if (tensor.notFinite().count() > 0) {
                problems.add(name + " has NaN or infinite elements, the first at "
                        + tensor.notFinite().first());
            } else {
                slot.put(slot.type().isFloatingPoint() ? tensor.as(slot.type()) : tensor);
            }
        });
        tensors.forEach((name, tensor) -> {
            if (!slots.containsKey(name) && !spare.test(name)) {
                problems.add("unexpected " + name + " " + Arrays.toString(tensor.shape()));
            }
        });
        if (!problems.isEmpty()) {
            int shown = Math.min(20, problems.size());
            throw new InputException(
                    where,
                    "weights do not fit the network in " + problems.size() + " places",
                    String.join("; ", problems.subList(0, shown)) + (shown < problems.size() ? "; ..." : ""),
                    "take the weights of this very architecture");
        }
    }

    private static Tensor initial(Slot slot, String name, long seed) {
        long[] shape = slot.shape();
        int elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, Math.toIntExact(size));
        }
        if (slot.type() != ElementType.F32) {
            return new Tensor(
                    slot.type(),
                    shape,
                    ByteBuffer.allocateDirect(elements * slot.type().bytes()));
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
        Draws draws = new Draws(hash(seed + ":" + name));
        Initial initial = slot.initial();
        for (int i = 0; i < elements; i++) {
            bytes.putFloat(4 * i, (float) draws.next(initial));
        }
        return new Tensor(ElementType.F32, shape, bytes);
    }

    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L; // FNV-1a
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 255)) * 0x100000001b3L;
        }
        return hash;
    }

    /** One stream of draws; StrictMath, so that every machine draws the same. */
    final class Draws {
        private final SplittableRandom random;

        private Draws(long seed) {
            random = new SplittableRandom(seed);
        }

        private double next(Initial initial) {
            return switch (initial.kind()) {
                case CONSTANT -> initial.value();
                case UNIFORM -> initial.value() * (2 * random.nextDouble() - 1);
                case NORMAL -> initial.value() * normal();
                case TRUNCATED_NORMAL -> {
                    double draw;
                    do {
                        draw = initial.value() * normal();
                    } while (Math.abs(draw) > 2);
                    yield draw;
                }
            };
        }

        /** Box and Muller. */
        private double normal() {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
            return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
        }
    }
}
