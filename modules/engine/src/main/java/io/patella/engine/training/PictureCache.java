package io.patella.engine.training;

import io.patella.cohort.InputException;
import io.patella.engine.Device;
import io.patella.engine.Program;
import io.patella.engine.Value;
import io.patella.imaging.Deletterbox;
import io.patella.imaging.Gray8;
import io.patella.network.preparation.Preparation;
import io.patella.network.preparation.PreparationModule;
import io.patella.network.program.ProgramArchive;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The squares that training sees, deletterboxed and resized, 8 bits, in one memory-mapped file: made once per set of pictures and
 * preparation, then read at memory speed whatever the cohort's size. The squares are those of {@link Preparation}, rounded to whole
 * gray values.
 *
 * <p>Layout: 4096 bytes of header (magic, side, count, offset of the index, key), the squares one after the other, the index (image ids,
 * UTF-8, each with its length before it). A torn file is never seen: it gets its name when it is complete.
 */
public final class PictureCache implements AutoCloseable {
    private static final long MAGIC = 0x3153514c4c544150L; // "PATLLQS1"
    private static final int HEADER = 4096;
    private static final long SEGMENT = 1L << 30;
    private static final int GROUP = 64;

    private final int side;
    private final Map<String, Integer> rows;
    private final List<MappedByteBuffer> segments;
    private final int rowsPerSegment;

    private PictureCache(int side, Map<String, Integer> rows, List<MappedByteBuffer> segments, int rowsPerSegment) {
        this.side = side;
        this.rows = rows;
        this.segments = segments;
        this.rowsPerSegment = rowsPerSegment;
    }

    /**
     * A canonical picture on its way into the cache.
     *
     * @param imageId its key
     * @param picture before deletterboxing
     */
    public record Named(String imageId, Gray8 picture) {}

    /**
     * Opens the cache of this key, making it first when it is not there.
     *
     * @param folder where caches lie; made when missing
     * @param key names the pictures, such as a hash of their ids and pixels; the preparation is added here
     * @param pictures called only when the cache has to be made; any order, each id once
     */
    public static PictureCache open(
            Path folder, String key, Preparation preparation, Supplier<Iterator<Named>> pictures) {
        String whole = key + "|" + preparation.squareKey();
        Path file = folder.resolve("squares-" + hash(whole).substring(0, 24) + ".bin");
        try {
            Files.createDirectories(folder);
            if (!Files.exists(file)) {
                write(file, whole, preparation, pictures.get());
            }
            return map(file, whole, preparation.size());
        } catch (IOException e) {
            throw new UncheckedIOException("picture cache " + file + ": " + e.getMessage(), e);
        }
    }

    /** Side of a square, pixels. */
    public int side() {
        return side;
    }

    /** Number of pictures. */
    public int size() {
        return rows.size();
    }

    /** Whether a picture of this id is there. */
    public boolean contains(String imageId) {
        return rows.containsKey(imageId);
    }

    /**
     * The row of a picture, for {@link #copy}.
     *
     * @throws InputException when it is not there
     */
    public int row(String imageId) {
        Integer row = rows.get(imageId);
        if (row == null) {
            throw new InputException("picture cache", "no picture", imageId, "ingest it, or drop its label");
        }
        return row;
    }

    /** Copies a square, row by row, to the position of {@code target} and moves it on. Safe from several threads. */
    public void copy(int row, ByteBuffer target) {
        int bytes = side * side;
        ByteBuffer segment = segments.get(row / rowsPerSegment);
        int start = (row % rowsPerSegment) * bytes;
        target.put(target.position(), segment, start, bytes);
        target.position(target.position() + bytes);
    }

    private static void write(Path file, String key, Preparation preparation, Iterator<Named> pictures)
            throws IOException {
        Path part = Files.createTempFile(Objects.requireNonNull(file.getParent()), "squares", ".part");
        Path archive = Files.createTempFile("patella-preparation", ".pt");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            ProgramArchive.write(PreparationModule.of(preparation), archive, Map.of());
            channel.position(HEADER);
            List<String> ids = new ArrayList<>();
            try (Program program = Program.open(archive, Device.CPU, 1)) {
                List<Named> group = new ArrayList<>();
                while (pictures.hasNext()) {
                    group.add(pictures.next());
                    if (group.size() == GROUP || !pictures.hasNext()) {
                        writeSquares(channel, program, preparation, group, ids);
                        group.clear();
                    }
                }
            }
            long index = channel.position();
            for (String id : ids) {
                byte[] text = id.getBytes(StandardCharsets.UTF_8);
                ByteBuffer entry = ByteBuffer.allocate(4 + text.length).order(ByteOrder.LITTLE_ENDIAN);
                full(channel, entry.putInt(text.length).put(text).flip());
            }
            byte[] text = key.getBytes(StandardCharsets.UTF_8);
            if (text.length > HEADER - 64) {
                throw new InputException("picture cache", "key is too long", key, "use a hash of the ids as the key");
            }
            ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
            header.putLong(MAGIC).putInt(preparation.size()).putInt(ids.size()).putLong(index);
            header.putInt(text.length).put(text).rewind();
            channel.position(0);
            full(channel, header);
            channel.force(true);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
            Files.deleteIfExists(archive);
        }
    }

    private static void writeSquares(
            FileChannel channel, Program program, Preparation preparation, List<Named> group, List<String> ids)
            throws IOException {
        Map<List<Integer>, List<Named>> bySize = new LinkedHashMap<>();
        for (Named each : group) {
            Gray8 picture = preparation.letterbox() == Preparation.Letterbox.REMOVE
                    ? each.picture().crop(Deletterbox.box(each.picture()))
                    : each.picture();
            bySize.computeIfAbsent(List.of(picture.height(), picture.width()), size -> new ArrayList<>())
                    .add(new Named(each.imageId(), picture));
        }
        List<Value> batches = new ArrayList<>();
        bySize.forEach((size, same) -> {
            ByteBuffer pixels = ByteBuffer.allocateDirect(same.size() * size.get(0) * size.get(1));
            for (Named each : same) {
                pixels.put(each.picture().pixels());
                ids.add(each.imageId());
            }
            batches.add(Value.of(
                    new Tensor(ElementType.U8, new long[] {same.size(), size.get(0), size.get(1)}, pixels.flip())));
        });
        Tensor squares = program.call("bytes", new Value.Sequence(batches)).asTensor();
        full(channel, squares.bytes().duplicate());
    }

    private static void full(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static PictureCache map(Path file, String key, int side) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
            while (header.hasRemaining() && channel.read(header) > 0) {
                // read on
            }
            header.flip();
            if (header.remaining() < HEADER || header.getLong() != MAGIC || header.getInt() != side) {
                throw foreign(file, "is no picture cache of side " + side);
            }
            int count = header.getInt();
            long index = header.getLong();
            byte[] text = new byte[Math.min(header.getInt(), HEADER - 64)];
            header.get(text);
            String found = new String(text, StandardCharsets.UTF_8);
            if (!found.equals(key)) {
                throw foreign(file, "holds other pictures: " + found);
            }
            long bytes = (long) side * side;
            if (index != HEADER + count * bytes || channel.size() < index) {
                throw foreign(file, "is shorter than it says");
            }
            int perSegment = (int) (SEGMENT / bytes);
            List<MappedByteBuffer> segments = new ArrayList<>();
            for (long first = 0; first < count; first += perSegment) {
                long rows = Math.min(perSegment, count - first);
                segments.add(channel.map(FileChannel.MapMode.READ_ONLY, HEADER + first * bytes, rows * bytes));
            }
            return new PictureCache(side, ids(channel, index, count), segments, perSegment);
        }
    }

    private static Map<String, Integer> ids(FileChannel channel, long index, int count) throws IOException {
        ByteBuffer entries = channel.map(FileChannel.MapMode.READ_ONLY, index, channel.size() - index)
                .order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Integer> rows = new HashMap<>(count * 2);
        for (int row = 0; row < count; row++) {
            byte[] text = new byte[entries.getInt()];
            entries.get(text);
            rows.put(new String(text, StandardCharsets.UTF_8), row);
        }
        return rows;
    }

    private static InputException foreign(Path file, String what) {
        return new InputException(file.toString(), "picture cache", what, "delete the file; it will be made again");
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets the mapped file go. The mapping itself ends when the garbage collector finds it. */
    @Override
    public void close() {
        segments.clear();
    }
}
