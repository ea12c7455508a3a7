package io.patella.network.program;

import io.patella.cohort.InputException;
import io.patella.network.weights.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the very pickle that {@link ProgramPickle} writes and nothing else: a pickle is a program for another machine, so everything
 * out of that shape is refused instead of being interpreted.
 */
final class PickleReader {
    private static final int DEEPEST = 64;

    /** A tensor as it stands in the pickle. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Stored(ElementType type, long[] shape, boolean channelsLast, boolean trainable, String key, long elements) {}

    private final Path file;
    private final ByteBuffer in;
    private final Map<String, Stored> tensors = new LinkedHashMap<>();

    private PickleReader(Path file, ByteBuffer in) {
        this.file = file;
        this.in = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The tensors by their dotted names. */
    static Map<String, Stored> tensors(Path file, ByteBuffer pickle) {
        PickleReader reader = new PickleReader(file, pickle);
        try {
            reader.expect(0x80, 2);
            reader.expect('c');
            reader.object("", 0);
            reader.expect('.');
            if (reader.in.hasRemaining()) {
                throw reader.strange("bytes after its end");
            }
        } catch (java.nio.BufferUnderflowException e) {
            throw StoredZip.foreign(file, "its object tree ends early", pickle.remaining() + " bytes");
        }
        return reader.tensors;
    }

    /** After the code of a global was read. */
    private void object(String prefix, int depth) {
        if (depth > DEEPEST) {
            throw strange("nested deeper than " + DEEPEST);
        }
        expectLine("__torch__");
        line();
        expect(')', 0x81, '}', '(');
        while (in.get(in.position()) != 'u') {
            String name = string();
            value(prefix + name, depth);
        }
        expect('u', 'b');
    }

    private void value(String name, int depth) {
        int code = in.get() & 255;
        switch (code) {
            case 'c' -> {
                in.mark();
                if (line().equals("torch._utils")) {
                    if (tensors.put(name, tensor()) != null) {
                        throw strange("tensor " + name + " twice");
                    }
                } else {
                    in.reset();
                    object(name + ".", depth + 1);
                }
            }
            case 0x88, 0x89, 'N' -> {}
            case 'X' -> {
                in.position(in.position() - 1);
                string();
            }
            case 'G' -> in.getLong();
            case 'K', 'J', 0x8a -> {
                in.position(in.position() - 1);
                number();
            }
            default -> throw strange("code " + code);
        }
    }

    private Stored tensor() {
        expectLine("_rebuild_tensor_v2");
        expect('(', '(');
        expectString("storage");
        expect('c');
        expectLine("torch");
        String storage = line();
        String key = string();
        expectString("cpu");
        long elements = number();
        expect('t', 'Q');
        if (number() != 0) {
            throw strange("tensor inside of a storage");
        }
        long[] shape = tuple();
        long[] strides = tuple();
        boolean trainable = flag();
        expect('c');
        expectLine("collections");
        expectLine("OrderedDict");
        expect(')', 'R', 't', 'R');
        ElementType type = Arrays.stream(ElementType.values())
                .filter(known -> known.storage().equals(storage))
                .findFirst()
                .orElseThrow(() -> strange("storage " + storage));
        long count = 1;
        for (long size : shape) {
            if (size < 0 || (size > 0 && count > Long.MAX_VALUE / size / 8)) {
                throw strange("shape " + Arrays.toString(shape));
            }
            count *= size;
        }
        boolean rowMajor = Arrays.equals(strides, ProgramPickle.strides(shape, false));
        boolean channelsLast =
                !rowMajor && shape.length == 4 && Arrays.equals(strides, ProgramPickle.strides(shape, true));
        if (count != elements || !(rowMajor || channelsLast)) {
            throw strange("shape " + Arrays.toString(shape) + ", strides " + Arrays.toString(strides) + " over "
                    + elements + " elements");
        }
        return new Stored(type, shape, channelsLast, trainable, key, elements);
    }

    private boolean flag() {
        int code = in.get() & 255;
        if (code != 0x88 && code != 0x89) {
            throw strange("code " + code);
        }
        return code == 0x88;
    }

    private long[] tuple() {
        expect('(');
        long[] values = new long[8];
        int n = 0;
        while (in.get(in.position()) != 't') {
            if (n == values.length) {
                throw strange("more than " + n + " dimensions");
            }
            values[n++] = number();
        }
        expect('t');
        return Arrays.copyOf(values, n);
    }

    private long number() {
        int code = in.get() & 255;
        return switch (code) {
            case 'K' -> in.get() & 255;
            case 'J' -> in.getInt();
            case 0x8a -> {
                expect(8);
                yield in.getLong();
            }
            default -> throw strange("code " + code);
        };
    }

    private String string() {
        expect('X');
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw strange("string of " + length + " bytes");
        }
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private String line() {
        int start = in.position();
        while (in.get() != '\n') {
            if (in.position() - start > 256) {
                throw strange("name longer than 256 bytes");
            }
        }
        byte[] utf8 = new byte[in.position() - 1 - start];
        in.get(start, utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private void expectLine(String expected) {
        String found = line();
        if (!found.equals(expected)) {
            throw strange("global " + found);
        }
    }

    private void expectString(String expected) {
        String found = string();
        if (!found.equals(expected)) {
            throw strange("string " + found);
        }
    }

    private void expect(int... codes) {
        for (int code : codes) {
            int found = in.get() & 255;
            if (found != code) {
                throw strange("code " + found);
            }
        }
    }

    private InputException strange(String what) {
        return StoredZip.foreign(file, "its object tree is not ours", what + " at byte " + in.position());
    }
}
