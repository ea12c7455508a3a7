package io.patella.network.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.patella.cohort.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes safetensors files: straight from the tensors' buffers, each aligned to its element size and the first to 64 bytes. The file
 * appears under its name only when it is complete and on disk. The same tensors give the same bytes.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;
    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsWriter() {}

    /** As {@link #write(Path, Map, Map)} without free text. */
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        write(file, tensors, Map.of());
    }

    /**
     * Writes tensors under their names, those of the widest element type first (so that all are aligned), otherwise in the order
     * given.
     *
     * @param metadata free text for the header
     * @throws InputException when the folder does not exist
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new InputException(
                    file.toString(), "folder does not exist", String.valueOf(folder), "create it first");
        }
        List<Map.Entry<String, Tensor>> sorted = new ArrayList<>(tensors.entrySet());
        sorted.sort(Comparator.comparingInt(entry -> -entry.getValue().type().bytes()));

        Path unfinished = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeFully(channel, header(sorted, metadata));
                for (Map.Entry<String, Tensor> entry : sorted) {
                    writeFully(channel, entry.getValue().bytes());
                }
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static ByteBuffer header(List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata)
            throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator header = JSON.createGenerator(json)) {
            header.writeStartObject();
            if (!metadata.isEmpty()) {
                header.writeObjectFieldStart("__metadata__");
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    header.writeStringField(entry.getKey(), entry.getValue());
                }
                header.writeEndObject();
            }
            long offset = 0;
            for (Map.Entry<String, Tensor> entry : tensors) {
                Tensor tensor = entry.getValue();
                long end = offset + tensor.bytes().capacity();
                header.writeObjectFieldStart(entry.getKey());
                header.writeStringField("dtype", tensor.type().name());
                header.writeFieldName("shape");
                header.writeArray(tensor.shape(), 0, tensor.shape().length);
                header.writeFieldName("data_offsets");
                header.writeArray(new long[] {offset, end}, 0, 2);
                header.writeEndObject();
                offset = end;
            }
            header.writeEndObject();
        }
        int length = (json.size() + 8 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - 8;
        ByteBuffer bytes = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(json.toByteArray());
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' '); // the format pads its header with blanks
        }
        return bytes.flip();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
