package io.patella.jobs.job.ingest;

import io.patella.cohort.InputException;
import io.patella.imaging.Decoder;
import io.patella.imaging.PictureBytes;
import io.patella.jobs.job.ingest.Looked.Opened;
import io.patella.tables.RowWriter;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PictureRow;
import java.io.File;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Opens files on the executors, each once. A task writes the pictures that are new by all it can know into a data file of its own
 * at once; the driver, who knows more, says in {@link #pictures} which of these files go into the table. Close it to delete what
 * it did not say that of.
 */
public final class Looking implements AutoCloseable {
    /** Files of about this many bytes together make a task, more when there would be thousands. */
    private static final long TASK_BYTES = 16L << 20;

    private static final int MOST_TASKS = 2000;

    /** A task that waits for the last of equal files does not wait beyond this many times its size. */
    private static final int PATIENCE = 4;

    /**
     * A file to open.
     *
     * @param imageId under which its picture is new; null when that is the hash's to say
     * @param isWanted whether the picture is to be written
     */
    private record Asked(String file, @Nullable String imageId, boolean isWanted) implements Serializable {}

    /**
     * What a task brings back.
     *
     * @param written image id to the SHA-256 of the file whose picture was written under it
     * @param files the data files that hold just these pictures
     */
    private record Brought(List<Looked> looked, Map<String, String> written, List<DataFile> files)
            implements Serializable {}

    private final String cohort;
    private final Decoder decoder;
    private final Warehouse warehouse;
    private final JavaSparkContext context;
    private final Table table;
    private final Set<String> there;
    private List<Brought> brought = List.of();

    /**
     * Prepares to look; nothing is opened yet.
     *
     * @param warehouse whose pictures of this cohort are not written again
     */
    public Looking(String cohort, Decoder decoder, Warehouse warehouse) {
        this.cohort = cohort;
        this.decoder = decoder;
        this.warehouse = warehouse;
        context = JavaSparkContext.fromSparkContext(warehouse.spark().sparkContext());
        table = warehouse.table(PictureRow.TABLE);
        there = new HashSet<>();
        warehouse.collect(PictureRow.TABLE, cohort, List.of("image_id")).forEach(row -> there.add(row.getString(0)));
    }

    /** Opens every file that {@code claims} name; file to what was found in it. */
    public Map<String, Looked> at(List<Claim> claims) {
        Map<String, Asked> asked = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>(there);
        for (Claim claim : claims) {
            String file = claim.file().toString();
            if (!asked.containsKey(file)) {
                String id = claim.imageId();
                asked.put(file, new Asked(file, id, id == null || taken.add(id)));
            }
        }
        brought = look(List.copyOf(asked.values()));
        Map<String, Looked> found = new HashMap<>();
        brought.forEach(task -> task.looked().forEach(each -> found.put(each.file(), each)));
        return found;
    }

    /**
     * Refuses a picture that a run which was killed left under the id of another one: the file was exchanged in between.
     *
     * @param wanted image id to what was found in the file
     */
    public void demandSame(Map<String, Looked> wanted) {
        List<String> left = wanted.keySet().stream().filter(there::contains).toList();
        if (left.isEmpty()) {
            return;
        }
        Iterator<Row> rows = warehouse
                .read(PictureRow.TABLE, cohort, "image_id", left)
                .select("image_id", "bytes")
                .toLocalIterator();
        while (rows.hasNext()) {
            Row row = rows.next();
            Looked looked = Objects.requireNonNull(wanted.get(row.getString(0)));
            if (!PictureBytes.decode(row.getAs(1)).sha256().equals(looked.pixelSha256())) {
                throw new InputException(
                        looked.file(),
                        "another picture than the one that an earlier run, which did not end, left in pictures of "
                                + cohort,
                        row.getString(0),
                        "delete that row from pictures, then ingest again");
            }
        }
    }

    /**
     * The data files that hold the pictures in {@code wanted} and no others, without those that the table has. What no task could
     * have known to be wanted, such as one picture under a second patient's name, is opened again and written now.
     *
     * @param wanted image id to what was found in the file
     */
    public List<DataFile> pictures(Map<String, Looked> wanted) {
        Map<String, Looked> missing = new LinkedHashMap<>(wanted);
        missing.keySet().removeAll(there);
        List<DataFile> files = new ArrayList<>();
        List<DataFile> refused = new ArrayList<>();
        for (Brought task : brought) {
            // a task may have written a picture that was refused, or that another task has too: then all of it is done
            // again
            (takes(task, missing) ? files : refused).addAll(task.files());
        }
        RowWriter.discard(table, refused);
        List<Asked> again = new ArrayList<>();
        missing.forEach((id, looked) -> again.add(new Asked(looked.file(), id, true)));
        for (Brought task : look(again)) {
            if (!takes(task, missing)) {
                throw new IllegalStateException("files change while they are ingested: " + task.written());
            }
            files.addAll(task.files());
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("files vanish while they are ingested: " + missing.keySet());
        }
        brought = List.of();
        return files;
    }

    /** Takes what the task wrote out of {@code missing}, if all of it stands there. */
    private static boolean takes(Brought task, Map<String, Looked> missing) {
        boolean allMissing = task.written().entrySet().stream().allMatch(each -> {
            Looked looked = missing.get(each.getKey());
            return looked != null && looked.sourceSha256().equals(each.getValue());
        });
        if (allMissing) {
            missing.keySet().removeAll(task.written().keySet());
        }
        return allMissing;
    }

    private List<Brought> look(List<Asked> asked) {
        if (asked.isEmpty()) {
            return List.of();
        }
        Decoder with = decoder;
        String name = cohort;
        Broadcast<Table> target = context.broadcast(table);
        boolean byHash = asked.stream().anyMatch(each -> each.imageId() == null);
        Broadcast<Set<String>> known = context.broadcast(byHash ? there : Set.of());
        List<List<Asked>> tasks = bySize(asked, context.defaultParallelism());
        return context.parallelize(tasks, tasks.size())
                .map(task -> openAll(task, name, with, target.value(), known.value()))
                .collect();
    }

    /** The work of one task. */
    private static Brought openAll(List<Asked> asked, String cohort, Decoder decoder, Table table, Set<String> there) {
        List<Looked> looked = new ArrayList<>();
        Map<String, String> written = new HashMap<>();
        try (RowWriter<PictureRow> writer = new RowWriter<>(PictureRow.TABLE, table)) {
            for (Asked each : asked) {
                Opened opened = Looked.open(each.file(), decoder);
                Looked found = opened.looked();
                looked.add(found);
                if (!each.isWanted() || found.reason() != null) {
                    continue;
                }
                String id = each.imageId() != null ? each.imageId() : Admission.imageId(found.sourceSha256());
                if (!there.contains(id) && written.putIfAbsent(id, found.sourceSha256()) == null) {
                    writer.write(new PictureRow(
                            cohort, id, opened.encoding(), found.width(), found.height(), opened.stored()));
                }
            }
            return new Brought(looked, written, writer.finish());
        }
    }

    @Override
    public void close() {
        brought.forEach(task -> RowWriter.discard(table, task.files()));
    }

    /**
     * Cuts the files into tasks. Neighbours in the list stay together, so that a task reads few folders; where pictures go by
     * their hashes, files of equal length do, as far as that is reasonable, so that one task sees all copies of a picture.
     */
    private static List<List<Asked>> bySize(List<Asked> asked, int cores) {
        record Sized(Asked asked, long bytes) {}
        List<Sized> files = new ArrayList<>();
        asked.forEach(each -> files.add(new Sized(each, 4096 + new File(each.file()).length())));
        boolean byHash = asked.stream().anyMatch(each -> each.imageId() == null);
        if (byHash) {
            files.sort(Comparator.comparingLong(Sized::bytes));
        }
        long total = files.stream().mapToLong(Sized::bytes).sum();
        long target = Math.max(total / MOST_TASKS, Math.min(TASK_BYTES, total / (2L * cores) + 1));
        List<List<Asked>> tasks = new ArrayList<>();
        List<Asked> task = new ArrayList<>();
        long filled = 0;
        for (int i = 0; i < files.size(); i++) {
            task.add(files.get(i).asked());
            filled += files.get(i).bytes();
            boolean last = i + 1 == files.size();
            boolean copyMayFollow =
                    byHash && !last && files.get(i).bytes() == files.get(i + 1).bytes();
            if (last || (filled >= target && !copyMayFollow) || filled >= PATIENCE * target) {
                tasks.add(task);
                task = new ArrayList<>();
                filled = 0;
            }
        }
        return tasks;
    }
}
