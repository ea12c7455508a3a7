package io.patella.network.program;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The object tree of a program as pickle, protocol 2, without memo: what {@code data.pkl} holds. */
final class ProgramPickle {
    private final ProgramText text;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<ProgramTensor> tensors = new ArrayList<>();

    ProgramPickle(ProgramText text, ProgramModule root) {
        this.text = text;
        codes(0x80, 2);
        object("", root);
        codes('.');
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** The tensors in the order of their entries {@code data/0}, {@code data/1}, ... */
    List<ProgramTensor> tensors() {
        return tensors;
    }

    private void object(String path, ProgramModule module) {
        global("__torch__", text.className(module));
        codes(')', 0x81, '}', '(');
        module.slots().forEach((name, slot) -> {
            ProgramTensor value = slot.value();
            if (value == null) {
                throw new IllegalStateException(path + name + " has no weights yet");
            }
            string(name);
            tensor(value);
        });
        string("training");
        codes(0x89); // evaluation mode: plain readers of the file get grades, not dropout
        module.attributes().forEach((name, value) -> {
            string(name);
            attribute(value);
        });
        module.children().forEach((name, child) -> {
            string(name);
            object(path + name + ".", child);
        });
        codes('u', 'b');
    }

    private void attribute(Object value) {
        if (value instanceof Boolean flag) {
            codes(flag ? 0x88 : 0x89);
        } else if (value instanceof Long number) {
            number(number);
        } else if (value instanceof Double number) {
            codes('G');
            long bits = Double.doubleToLongBits(number);
            for (int i = 7; i >= 0; i--) {
                out.write((int) (bits >> (8 * i)) & 255);
            }
        } else if (value instanceof String string) {
            string(string);
        } else {
            codes('N');
        }
    }

    private void tensor(ProgramTensor value) {
        int key = tensors.size();
        tensors.add(value);
        long[] shape = value.tensor().shape();
        global("torch._utils", "_rebuild_tensor_v2");
        codes('(', '(');
        string("storage");
        global("torch", value.tensor().type().storage());
        string(Integer.toString(key));
        string("cpu");
        number(value.tensor().elements());
        codes('t', 'Q'); // a persistent id: the entry data/KEY
        number(0);
        tuple(shape);
        tuple(strides(shape, value.channelsLast()));
        codes(value.trainable() ? 0x88 : 0x89);
        global("collections", "OrderedDict");
        codes(')', 'R', 't', 'R');
    }

    static long[] strides(long[] shape, boolean channelsLast) {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int i = 0; i < shape.length; i++) {
            int dimension = channelsLast ? new int[] {1, 3, 2, 0}[i] : shape.length - 1 - i; // innermost first
            strides[dimension] = step;
            step *= shape[dimension];
        }
        return strides;
    }

    private void tuple(long[] values) {
        codes('(');
        for (long value : values) {
            number(value);
        }
        codes('t');
    }

    private void number(long value) {
        if (value >= 0 && value < 256) {
            codes('K', (int) value);
        } else if (value == (int) value) {
            codes('J');
            littleEndian(value, 4);
        } else {
            codes(0x8a, 8);
            littleEndian(value, 8);
        }
    }

    private void string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        codes('X');
        littleEndian(utf8.length, 4);
        out.writeBytes(utf8);
    }

    private void global(String module, String name) {
        codes('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void littleEndian(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >> (8 * i)) & 255);
        }
    }

    private void codes(int... codes) {
        for (int code : codes) {
            out.write(code);
        }
    }
}
