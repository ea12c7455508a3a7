package io.patella.jobs.files;

import io.patella.cohort.InputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The values of one column as they stand in the file, packed as UTF-8: a table takes about as much memory as its file. */
final class TextColumn {
    private byte[] bytes = new byte[256];
    private int[] ends = new int[32];
    private int size;

    void add(String value) {
        byte[] added = value.getBytes(StandardCharsets.UTF_8);
        int start = size == 0 ? 0 : ends[size - 1];
        long end = (long) start + added.length;
        if (end > Integer.MAX_VALUE - 16) {
            throw new InputException("row " + (size + 1), "more than 2 GB in one column", end, "split the file");
        }
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(end, 2L * bytes.length)));
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
        }
        System.arraycopy(added, 0, bytes, start, added.length);
        ends[size++] = (int) end;
    }

    String get(int row) {
        int start = row == 0 ? 0 : ends[row - 1];
        return new String(bytes, start, ends[row] - start, StandardCharsets.UTF_8);
    }

    boolean isEmpty(int row) {
        return ends[row] == (row == 0 ? 0 : ends[row - 1]);
    }

    int size() {
        return size;
    }
}
