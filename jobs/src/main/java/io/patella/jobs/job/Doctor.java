package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.jobs.files.TextTable;
import io.patella.tables.Warehouse;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.TableDefinition;
import io.patella.tables.row.Tables;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** Looks at what Patella stands on and says what would not work, and how to mend it. Changes nothing. */
public final class Doctor {
    private static final long GIGABYTE = 1L << 30;

    private final List<Finding> findings = new ArrayList<>();

    private Doctor() {}

    /** How bad a finding is. */
    public enum Verdict {
        /** As it should be. */
        OK,
        /** Works, with a limit that the detail names. */
        WARN,
        /** Something will not work. */
        FAIL;

        /** The word in answers: ok, warn, fail. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One thing looked at.
     *
     * @param what what was looked at
     * @param verdict ok, warn or fail
     * @param detail what was found, and for anything but ok how to mend it
     */
    public record Finding(String what, String verdict, String detail) {}

    /** All findings. */
    public record Report(List<Finding> findings) {
        /** Whether nothing failed. */
        public boolean isHealthy() {
            return findings.stream().noneMatch(each -> each.verdict().equals(Verdict.FAIL.word()));
        }

        /** For a terminal. */
        public String text() {
            TextTable table = new TextTable("check", "verdict", "found");
            findings.forEach(each -> table.row(each.what(), each.verdict(), each.detail()));
            return table.text();
        }
    }

    /** Looks at everything. */
    public static Report look() {
        Doctor doctor = new Doctor();
        doctor.java();
        doctor.memory();
        doctor.nativeCache();
        doctor.warehouse();
        return new Report(List.copyOf(doctor.findings));
    }

    private void found(String what, Verdict verdict, String detail) {
        findings.add(new Finding(what, verdict.word(), detail));
    }

    private void java() {
        int version = Runtime.version().feature();
        found(
                "java",
                version >= 17 && version < 22 ? Verdict.OK : Verdict.FAIL,
                version >= 17 && version < 22
                        ? Runtime.version().toString()
                        : Runtime.version() + "; Spark 4.1 runs on Java 17 to 21: set JAVA_HOME to one");
        boolean open = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(each -> each.startsWith("--add-opens=java.base/java.nio="));
        found(
                "java options",
                open ? Verdict.OK : Verdict.FAIL,
                open ? "conf/jvm.args" : "Spark needs those of conf/jvm.args: start through ./patella");
    }

    private void memory() {
        long heap = Runtime.getRuntime().maxMemory();
        boolean enough = heap >= 2 * GIGABYTE;
        found(
                "memory",
                enough ? Verdict.OK : Verdict.WARN,
                gigabytes(heap) + " heap, " + Runtime.getRuntime().availableProcessors() + " processors"
                        + (enough ? "" : "; below 2 GB jobs may fail: PATELLA_JAVA_OPTS=-Xmx4g"));
    }

    /** The engine unpacks its native libraries once, about half a gigabyte. */
    private void nativeCache() {
        String named = System.getenv("DJL_CACHE_DIR");
        Path cache = named == null ? Path.of(System.getProperty("user.home"), ".cache", "patella") : Path.of(named);
        Path existing = cache;
        while (existing != null && !Files.isDirectory(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isWritable(existing)) {
            found("native cache", Verdict.FAIL, cache + " cannot be written: name another folder by DJL_CACHE_DIR");
            return;
        }
        boolean there = Files.isDirectory(cache.resolve("pytorch"));
        long free = existing.toFile().getUsableSpace();
        boolean room = there || free >= GIGABYTE;
        found(
                "native cache",
                room ? Verdict.OK : Verdict.FAIL,
                cache + (there ? "" : ", to be filled at the first use") + ", " + gigabytes(free) + " free"
                        + (room ? "" : "; 1 GB is needed: name another folder by DJL_CACHE_DIR"));
    }

    private void warehouse() {
        SparkSession spark = JobRun.session();
        found(
                "spark",
                Verdict.OK,
                spark.version() + " on " + spark.sparkContext().master());
        String location = spark.conf().get("spark.sql.catalog.patella.warehouse", "");
        try {
            Warehouse warehouse = Warehouse.openExisting(spark);
            folder(location);
            long rows = 0;
            for (TableDefinition<?> table : Tables.ALL) {
                rows += warehouse.read(table).count();
            }
            long radiographs = warehouse.read(RadiographRow.TABLE).count();
            found(
                    "tables",
                    Verdict.OK,
                    Tables.ALL.size() + " tables, " + rows + " rows, " + radiographs + " radiographs");
        } catch (InputException e) {
            boolean fresh = String.valueOf(e.getMessage()).contains("no such folder");
            found("warehouse", fresh ? Verdict.WARN : Verdict.FAIL, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            found("catalog", Verdict.FAIL, e + "; see spark.sql.catalog.patella in conf/spark.properties");
        }
    }

    private void folder(String location) {
        Path folder = Path.of(location.replaceFirst("^file:/+", "/"));
        if (!Files.isDirectory(folder)) {
            found("warehouse", Verdict.OK, location);
            return;
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
            if (!Files.isWritable(folder)) {
                found("warehouse", Verdict.FAIL, folder + " cannot be written by this user");
            } else if (permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                found("warehouse", Verdict.WARN, folder + " is open to every user: chmod o-rwx " + folder);
            } else {
                found(
                        "warehouse",
                        Verdict.OK,
                        folder + ", " + gigabytes(folder.toFile().getUsableSpace()) + " free");
            }
        } catch (IOException | UnsupportedOperationException e) {
            found("warehouse", Verdict.WARN, folder + ": permissions unknown, " + e.getMessage());
        }
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / (double) GIGABYTE);
    }
}
