package io.patella.network.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program in a file that {@code torch.jit.load}, DJL and DJL Serving open: a zip, nothing compressed, of the source text, the
 * object tree as pickle and one entry for each tensor.
 *
 * <p>The bytes depend on the input alone. The entry {@code extra/patella.json} holds the SHA-256 of text and object tree; {@link
 * #open} wants it, reads the tree with a parser that knows nothing but what {@link #write} writes, and compares every tensor with the
 * bytes there are, so that nothing foreign or torn reaches native code.
 */
public final class ProgramArchive {
    private static final String TOP = "archive/";
    private static final String TEXT = TOP + "code/__torch__.py";
    private static final String TREE = TOP + "data.pkl";
    private static final String MARK = TOP + "extra/patella.json";
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};
    /** Operator set of the text: the newest that torch 2.7 reads. */
    private static final String OPERATORS = "10\n";

    private static final int LARGEST_TEXT = 64 << 20;

    private final String text;
    private final Map<String, String> extra;
    private final Map<String, Tensor> tensors;

    private ProgramArchive(String text, Map<String, String> extra, Map<String, Tensor> tensors) {
        this.text = text;
        this.extra = extra;
        this.tensors = tensors;
    }

    /**
     * Writes {@code root} to {@code file}, replacing it in one step.
     *
     * @param root the module whose methods callers of the file see; every declared tensor is filled
     * @param extra texts to carry along by name, no part of the program (DJL: the load option {@code extraFiles})
     * @return the source text, for reading beside the engine's error messages
     * @throws InputException when the tensors exceed 4 GB together
     */
    public static String write(ProgramModule root, Path file, Map<String, String> extra) {
        ProgramText text = new ProgramText(root);
        ProgramPickle pickle = new ProgramPickle(text, root);
        byte[] tree = pickle.bytes();
        byte[] source = text.source().getBytes(StandardCharsets.UTF_8);
        long size = 2L * tree.length + source.length;
        for (ProgramTensor tensor : pickle.tensors()) {
            size += tensor.tensor().bytes().remaining() + 256;
        }
        if (size > StoredZip.LARGEST) {
            throw new InputException(
                    file.toString(), "program needs more than 4 GB", size + " bytes", "halve it: bf16");
        }
        Path part = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING);
                    StoredZip.Writer zip = new StoredZip.Writer(channel)) {
                zip.put(TREE, ByteBuffer.wrap(tree)); // its folder names the archive
                zip.put(TEXT, ByteBuffer.wrap(source));
                zip.put(TOP + "constants.pkl", ByteBuffer.wrap(NO_CONSTANTS));
                zip.put(TOP + "version", utf8(OPERATORS));
                zip.put(TOP + "byteorder", utf8("little"));
                zip.put(MARK, utf8("{\"format\":1,\"program\":\"" + hash(source, tree) + "\"}"));
                for (Map.Entry<String, String> entry : extra.entrySet()) {
                    zip.put(TOP + "extra/" + entry.getKey(), utf8(entry.getValue()));
                }
                List<ProgramTensor> tensors = pickle.tensors();
                for (int i = 0; i < tensors.size(); i++) {
                    zip.put(TOP + "data/" + i, stored(tensors.get(i)));
                }
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        } finally {
            try {
                Files.deleteIfExists(part);
            } catch (IOException e) {
                // the move took it away, or the folder is gone: nothing is left to clean
            }
        }
        return text.source();
    }

    /**
     * Opens an archive that {@link #write} wrote.
     *
     * @throws InputException when the file is missing, torn, changed or not ours
     */
    public static ProgramArchive open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Map<String, StoredZip.Entry> entries = StoredZip.entries(file, channel);
            byte[] mark = content(file, channel, entries, MARK);
            byte[] source = content(file, channel, entries, TEXT);
            byte[] tree = content(file, channel, entries, TREE);
            String expected = markedHash(file, mark);
            if (!expected.equals(hash(source, tree))) {
                throw StoredZip.foreign(file, "text or object tree was changed, sha256 is not", expected);
            }
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Map.Entry<String, PickleReader.Stored> named :
                    PickleReader.tensors(file, ByteBuffer.wrap(tree)).entrySet()) {
                tensors.put(named.getKey(), tensor(file, channel, entries, named.getKey(), named.getValue()));
            }
            Map<String, String> extra = new LinkedHashMap<>();
            for (String name : entries.keySet()) {
                if (name.startsWith(TOP + "extra/") && !name.equals(MARK)) {
                    extra.put(
                            name.substring(TOP.length() + "extra/".length()),
                            new String(content(file, channel, entries, name), StandardCharsets.UTF_8));
                }
            }
            return new ProgramArchive(new String(source, StandardCharsets.UTF_8), extra, tensors);
        } catch (NoSuchFileException e) {
            throw new InputException(file.toString(), "no such file", file, "check the path");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The source text of the program. */
    public String text() {
        return text;
    }

    /** The texts that were carried along. */
    public Map<String, String> extra() {
        return extra;
    }

    /** Every tensor by its dotted name, row-major: mapped from the file, or a copy where the file holds it channels-last. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    private static Tensor tensor(
            Path file,
            FileChannel channel,
            Map<String, StoredZip.Entry> entries,
            String name,
            PickleReader.Stored stored)
            throws IOException {
        StoredZip.Entry entry = entries.get(TOP + "data/" + stored.key());
        long size = stored.elements() * stored.type().bytes();
        if (entry == null || entry.size() != size) {
            throw StoredZip.foreign(
                    file, "tensor " + name + " wants " + size + " bytes", entry == null ? "none" : entry.size());
        }
        if (size > Integer.MAX_VALUE) {
            throw StoredZip.foreign(file, "tensor " + name + " is larger than 2 GB", size);
        }
        ByteBuffer bytes =
                size == 0 ? ByteBuffer.allocate(0) : channel.map(FileChannel.MapMode.READ_ONLY, entry.offset(), size);
        return stored.channelsLast()
                ? ChannelsLast.toRowMajor(stored.type(), stored.shape(), bytes)
                : new Tensor(stored.type(), stored.shape(), bytes);
    }

    private static ByteBuffer stored(ProgramTensor tensor) {
        return tensor.channelsLast()
                ? ChannelsLast.fromRowMajor(tensor.tensor())
                : tensor.tensor().bytes();
    }

    private static byte[] content(Path file, FileChannel channel, Map<String, StoredZip.Entry> entries, String name)
            throws IOException {
        StoredZip.Entry entry = entries.get(name);
        if (entry == null || entry.size() > LARGEST_TEXT) {
            throw StoredZip.foreign(file, entry == null ? "it lacks" : "too large", name);
        }
        byte[] content = new byte[(int) entry.size()];
        StoredZip.read(channel, entry.offset(), content.length).get(content);
        return content;
    }

    private static String markedHash(Path file, byte[] mark) {
        try {
            JsonNode node = new ObjectMapper().readTree(new String(mark, StandardCharsets.UTF_8));
            if (node.path("format").asInt() != 1) {
                throw StoredZip.foreign(file, "unknown format", node.path("format"));
            }
            return node.path("program").asText();
        } catch (JsonProcessingException e) {
            throw StoredZip.foreign(file, "its mark is unreadable", e.getOriginalMessage());
        }
    }

    private static String hash(byte[] source, byte[] tree) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(source);
            digest.update(tree);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
