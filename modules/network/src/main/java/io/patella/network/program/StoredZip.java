package io.patella.network.program;

import io.patella.cohort.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Zip files as torch wants them: nothing compressed, every entry's data at a multiple of 64 bytes, and (ours) no clock in them, so
 * that the same content gives the same bytes. Up to 4 GB.
 */
final class StoredZip {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int ALIGNMENT = 64;
    private static final int DATE_1980_01_01 = 0x00210000;
    /** Above this the format would need zip64. */
    static final long LARGEST = 0xFFFF_0000L;

    private StoredZip() {}

    /** Where an entry's data lies. */
    record Entry(String name, long offset, long size, long crc) {}

    static final class Writer implements Closeable {
        private final FileChannel channel;
        private final List<ByteBuffer> directory = new ArrayList<>();

        Writer(FileChannel channel) {
            this.channel = channel;
        }

        void put(String name, ByteBuffer content) throws IOException {
            ByteBuffer data = content.duplicate();
            CRC32 crc = new CRC32();
            crc.update(data.duplicate());
            long at = channel.position();
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            int padding = (int) ((ALIGNMENT - (at + 30 + utf8.length + 4) % ALIGNMENT) % ALIGNMENT);
            ByteBuffer local = little(30 + utf8.length + 4 + padding).putInt(LOCAL);
            common(local, utf8, crc.getValue(), data.remaining(), 4 + padding);
            local.put(utf8).putShort((short) 0x4246).putShort((short) padding); // extra field "FB", as torch pads
            while (local.hasRemaining()) {
                local.put((byte) 'Z');
            }
            ByteBuffer central = little(46 + utf8.length).putInt(CENTRAL).putShort((short) 0);
            common(central, utf8, crc.getValue(), data.remaining(), 0);
            central.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
            central.putInt((int) at).put(utf8);
            directory.add(central.flip());
            writeAll(local.flip());
            writeAll(data);
        }

        private static void common(ByteBuffer header, byte[] name, long crc, int size, int extra) {
            header.putShort((short) 0).putShort((short) 0x0800).putShort((short) 0); // names are UTF-8, data is stored
            header.putInt(DATE_1980_01_01).putInt((int) crc).putInt(size).putInt(size);
            header.putShort((short) name.length).putShort((short) extra);
        }

        @Override
        public void close() throws IOException {
            long at = channel.position();
            int size = 0;
            for (ByteBuffer entry : directory) {
                size += entry.remaining();
                writeAll(entry.duplicate());
            }
            short entries = (short) directory.size();
            ByteBuffer end = little(22).putInt(END).putInt(0);
            end.putShort(entries)
                    .putShort(entries)
                    .putInt(size)
                    .putInt((int) at)
                    .putShort((short) 0);
            writeAll(end.flip());
        }

        private void writeAll(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** The entries of a zip that this class could have written; anything else is refused before a byte of content is read. */
    static Map<String, Entry> entries(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < 22) {
            throw foreign(file, "too short for an archive", size + " bytes");
        }
        ByteBuffer end = read(channel, size - 22, 22);
        if (end.getInt(0) != END || end.getShort(20) != 0) {
            throw foreign(file, "truncated or no archive, its end is missing", size + " bytes");
        }
        int count = end.getShort(10) & 0xffff;
        long directorySize = end.getInt(12) & 0xffffffffL;
        long directoryAt = end.getInt(16) & 0xffffffffL;
        if (directoryAt + directorySize + 22 != size || directorySize > 64L << 20) {
            throw foreign(file, "directory does not fit the file", directoryAt + " + " + directorySize);
        }
        ByteBuffer directory = read(channel, directoryAt, (int) directorySize);
        Map<String, Entry> entries = new LinkedHashMap<>();
        long free = 0; // entries lie one after the other, so that none overlaps another
        for (int i = 0; i < count; i++) {
            if (directory.remaining() < 46 || directory.getInt(directory.position()) != CENTRAL) {
                throw foreign(file, "broken directory at entry", i);
            }
            int at = directory.position();
            int method = directory.getShort(at + 10);
            long crc = directory.getInt(at + 16) & 0xffffffffL;
            long stored = directory.getInt(at + 20) & 0xffffffffL;
            long full = directory.getInt(at + 24) & 0xffffffffL;
            int nameLength = directory.getShort(at + 28) & 0xffff;
            int rest = (directory.getShort(at + 30) & 0xffff) + (directory.getShort(at + 32) & 0xffff);
            long local = directory.getInt(at + 42) & 0xffffffffL;
            if (directory.remaining() < 46 + nameLength + rest) {
                throw foreign(file, "broken directory at entry", i);
            }
            byte[] utf8 = new byte[nameLength];
            directory.get(at + 46, utf8);
            String name = new String(utf8, StandardCharsets.UTF_8);
            directory.position(at + 46 + nameLength + rest);
            if (method != 0 || stored != full) {
                throw foreign(file, "compressed entry", name);
            }
            if (local < free || local + 30 > directoryAt) {
                throw foreign(file, "entry outside of its place", name);
            }
            ByteBuffer header = read(channel, local, 30);
            long data = local + 30 + (header.getShort(26) & 0xffff) + (header.getShort(28) & 0xffff);
            if (header.getInt(0) != LOCAL || data + full > directoryAt) {
                throw foreign(file, "entry outside of its place", name);
            }
            free = data + full;
            if (entries.put(name, new Entry(name, data, full, crc)) != null) {
                throw foreign(file, "entry stands twice", name);
            }
        }
        return entries;
    }

    static ByteBuffer read(FileChannel channel, long at, int size) throws IOException {
        ByteBuffer bytes = little(size);
        while (bytes.hasRemaining()) {
            int n = channel.read(bytes, at + bytes.position());
            if (n < 0) {
                throw new IOException("file shrank while it was read");
            }
        }
        return bytes.flip();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static InputException foreign(Path file, String what, Object value) {
        return new InputException(
                file.toString(),
                "no program written by Patella; " + what,
                value,
                "take weights out of foreign models as safetensors and use: patella weights convert");
    }
}
