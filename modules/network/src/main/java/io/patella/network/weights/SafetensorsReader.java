package io.patella.network.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.patella.cohort.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, opened: 8 bytes with the length of the header, the header as JSON, then the elements of all tensors without
 * a gap. The header is checked in full when the file is opened, before anything of a size that the file names is allocated; tensors
 * are memory-mapped one by one when asked for, so that opening costs nothing but the header. Safe for several threads.
 *
 * <p>A mapped tensor stays readable after {@link #close}. Nobody may truncate the file while it is mapped.
 *
 * <p>Source: the format's description at github.com/huggingface/safetensors; the limit of the header is that of its reader.
 */
public final class SafetensorsReader implements AutoCloseable {
    /** Longest header accepted, in bytes. */
    public static final long LONGEST_HEADER = 100_000_000;

    private static final int LENGTH_BYTES = 8;
    private static final String METADATA = "__metadata__";
    private static final String DAMAGED = "the file is damaged or not safetensors; fetch or write it again";
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * One tensor as the header describes it.
     *
     * @param name as in the file
     * @param type element type
     * @param shape sizes, outermost first; empty for a scalar
     * @param offset first byte, counted from the start of the file
     * @param bytes length in bytes
     */
    public record Entry(String name, ElementType type, List<Long> shape, long offset, long bytes) {}

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;

    private SafetensorsReader(Path file, FileChannel channel, Header header) {
        this.file = file;
        this.channel = channel;
        this.entries = Collections.unmodifiableMap(header.entries);
        this.metadata = Collections.unmodifiableMap(header.metadata);
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws InputException when there is no such file, when it is a pickle, or when the header breaks the format; the message
     *     names the tensor and what was expected
     */
    public static SafetensorsReader open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new InputException(
                    file.toString(), "is a folder", "a safetensors file was expected", "name the file");
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw new InputException(
                    file.toString(),
                    e instanceof NoSuchFileException ? "no such file" : "may not be read",
                    file.toAbsolutePath(),
                    "check the path and its permissions");
        }
        try {
            return new SafetensorsReader(file, channel, new Header(file, channel));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** All tensors of a small file, in the order of their bytes. */
    public static Map<String, Tensor> read(Path file) throws IOException {
        try (SafetensorsReader reader = open(file)) {
            return reader.tensors();
        }
    }

    /** The file as it was named. */
    public Path file() {
        return file;
    }

    /** What the file holds, by name, in the order of the bytes. */
    public Map<String, Entry> entries() {
        return entries;
    }

    /** Free text that the writer left; empty when there is none. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * One tensor over a read-only map of the file. Native code that works in place needs a copy: writing to the map kills the JVM.
     *
     * @throws InputException when the file has no tensor of that name, or one of more than 2 GiB
     */
    public Tensor tensor(String name) throws IOException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new InputException(
                    file.toString(), "has no tensor", name, "patella weights inspect lists what is there");
        }
        if (entry.bytes > Integer.MAX_VALUE) {
            throw new InputException(
                    at(file, name), "larger than 2 GiB", entry.bytes + " bytes", "no network here has such a tensor");
        }
        ByteBuffer bytes = entry.bytes == 0
                ? ByteBuffer.allocate(0)
                : channel.map(FileChannel.MapMode.READ_ONLY, entry.offset, entry.bytes);
        return new Tensor(
                entry.type, entry.shape.stream().mapToLong(Long::longValue).toArray(), bytes);
    }

    /** All tensors, each over its own map, in the order of the bytes. */
    public Map<String, Tensor> tensors() throws IOException {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (String name : entries.keySet()) {
            all.put(name, tensor(name));
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static String at(Path file, String tensor) {
        return file + ": tensor " + tensor;
    }

    /** Reads and checks the header. */
    private static final class Header {
        private final Path file;
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();

        Header(Path file, FileChannel channel) throws IOException {
            this.file = file;
            long size = channel.size();
            byte[] start = read(channel, 0, (int) Math.min(size, LENGTH_BYTES + 1));
            if (start.length <= LENGTH_BYTES) {
                throw wrong("shorter than the smallest safetensors file", size + " bytes", DAMAGED);
            }
            if (start[LENGTH_BYTES] != '{') {
                throw foreign(start);
            }
            long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (length < 2 || length > LONGEST_HEADER) {
                throw wrong(
                        "length of the header is not in 2.." + LONGEST_HEADER, Long.toUnsignedString(length), DAMAGED);
            }
            if (length > size - LENGTH_BYTES) {
                throw wrong(
                        "header is longer than the file", length + " of " + (size - LENGTH_BYTES) + " bytes", DAMAGED);
            }
            long data = LENGTH_BYTES + length;
            String json = decode(read(channel, LENGTH_BYTES, (int) length));
            try (JsonParser parser = JSON.createParser(json)) {
                header(parser, data, size);
            } catch (JsonProcessingException e) {
                throw wrong("header is no valid JSON", e.getOriginalMessage(), DAMAGED);
            }
            sortAndCheckCover(data, size);
        }

        private static byte[] read(FileChannel channel, long from, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, from + bytes.position()) < 0) {
                    throw new EOFException("file became shorter while it was read");
                }
            }
            return bytes.array();
        }

        private String decode(byte[] header) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(header))
                        .toString();
            } catch (CharacterCodingException e) {
                throw wrong("header is no valid UTF-8", header.length + " bytes", DAMAGED);
            }
        }

        private void header(JsonParser parser, long data, long size) throws IOException {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "header");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (name.equals(METADATA)) {
                    metadata(parser);
                    continue;
                }
                if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
                    throw wrong("name of a tensor is empty or has control characters", quoted(name), DAMAGED);
                }
                entries.put(name, entry(parser, name, data, size));
            }
            if (parser.nextToken() != null) {
                throw wrong("header goes on after its closing brace", parser.currentToken(), DAMAGED);
            }
        }

        private void metadata(JsonParser parser) throws IOException {
            expect(parser.nextToken(), JsonToken.START_OBJECT, METADATA);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key);
                metadata.put(key, parser.getText());
            }
        }

        private Entry entry(JsonParser parser, String name, long data, long size) throws IOException {
            String at = "tensor " + name;
            expect(parser.nextToken(), JsonToken.START_OBJECT, at);
            String dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (key) {
                    case "dtype" -> {
                        expect(value, JsonToken.VALUE_STRING, at + ": dtype");
                        dtype = parser.getText();
                    }
                    case "shape" -> shape = longs(parser, at + ": shape");
                    case "data_offsets" -> offsets = longs(parser, at + ": data_offsets");
                    default ->
                        throw new InputException(
                                at(file, name),
                                "unknown key",
                                quoted(key),
                                "dtype, shape and data_offsets were expected");
                }
            }
            if (dtype == null || shape == null || offsets == null) {
                throw new InputException(
                        at(file, name),
                        "entry is not complete",
                        "dtype " + dtype + ", shape " + shape + ", data_offsets " + offsets,
                        DAMAGED);
            }
            ElementType type = type(name, dtype);
            if (offsets.size() != 2 || offsets.get(0) > offsets.get(1) || offsets.get(1) > size - data) {
                throw new InputException(
                        at(file, name),
                        "data_offsets are not two ascending positions within " + (size - data) + " bytes of data",
                        offsets,
                        DAMAGED);
            }
            long bytes = bytes(name, type, shape);
            if (bytes != offsets.get(1) - offsets.get(0)) {
                throw new InputException(
                        at(file, name),
                        "shape " + shape + " of " + type + " wants " + bytes + " bytes, data_offsets give",
                        offsets.get(1) - offsets.get(0),
                        DAMAGED);
            }
            return new Entry(name, type, shape, data + offsets.get(0), bytes);
        }

        private List<Long> longs(JsonParser parser, String at) throws IOException {
            expect(parser.currentToken(), JsonToken.START_ARRAY, at);
            List<Long> values = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, at);
                long value = parser.getLongValue();
                if (value < 0) {
                    throw wrong(at + " is negative", value, DAMAGED);
                }
                values.add(value);
            }
            return List.copyOf(values);
        }

        private ElementType type(String name, String dtype) {
            for (ElementType type : ElementType.values()) {
                if (type.name().equals(dtype)) {
                    return type;
                }
            }
            throw new InputException(
                    at(file, name),
                    "element type is not supported",
                    quoted(dtype),
                    "supported: " + Arrays.toString(ElementType.values()));
        }

        private long bytes(String name, ElementType type, List<Long> shape) {
            try {
                long bytes = type.bytes();
                for (long size : shape) {
                    bytes = Math.multiplyExact(bytes, size);
                }
                return bytes;
            } catch (ArithmeticException e) {
                throw new InputException(at(file, name), "shape is larger than any file", shape, DAMAGED);
            }
        }

        /** The tensors' bytes follow each other without gap or overlap and reach the end of the file. */
        private void sortAndCheckCover(long data, long size) {
            List<Entry> sorted = new ArrayList<>(entries.values());
            sorted.sort(Comparator.comparingLong(Entry::offset).thenComparingLong(Entry::bytes));
            entries.clear();
            long end = data;
            for (Entry entry : sorted) {
                if (entry.offset != end) {
                    throw new InputException(
                            at(file, entry.name),
                            entry.offset < end ? "overlaps the tensor before it" : "leaves a hole before it",
                            "starts at " + (entry.offset - data) + ", expected " + (end - data),
                            DAMAGED);
                }
                end = entry.offset + entry.bytes;
                entries.put(entry.name, entry);
            }
            if (end != size) {
                throw wrong("bytes after the last tensor", (size - end) + " bytes", DAMAGED);
            }
        }

        private void expect(@Nullable JsonToken found, JsonToken expected, String at) {
            if (found != expected) {
                throw wrong(at + " is not what the format wants", found + ", expected " + expected, DAMAGED);
            }
        }

        private InputException foreign(byte[] start) {
            String python = "in Python: safetensors.torch.save_file(torch.load("
                    + quoted(file.getFileName().toString())
                    + ", map_location='cpu', weights_only=True), 'weights.safetensors')";
            if (start[0] == 'P' && start[1] == 'K') {
                return wrong(
                        "is a zip: a pickled PyTorch checkpoint or a TorchScript archive",
                        file.getFileName(),
                        "pickles can run code and are not read; out of a bundle's model.pt: patella weights convert --from"
                                + " bundle; " + python);
            }
            if ((start[0] & 255) == 0x80 && start[1] >= 2 && start[1] <= 5) {
                return wrong("is a pickle", file.getFileName(), "pickles can run code and are not read; " + python);
            }
            return wrong("is no safetensors file", "no header after 8 bytes", "give a .safetensors file");
        }

        private InputException wrong(String what, Object value, String mend) {
            return new InputException(file.toString(), what, value, mend);
        }

        /** Foreign text made safe for one line of a message. */
        private static String quoted(String text) {
            String shown = text.codePoints()
                    .limit(80)
                    .map(c -> Character.isISOControl(c) ? '?' : c)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            return "'" + shown + (text.length() > shown.length() ? "...'" : "'");
        }
    }
}
