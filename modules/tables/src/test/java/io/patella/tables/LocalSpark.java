package io.patella.tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.apache.spark.sql.SparkSession;

/**
 * Spark for tests: one context a JVM, {@code local[2]}, with the shipped conf/spark.properties; each test takes a session
 * on a warehouse of its own. The JVM runs with a comma locale and in an odd time zone, so that no result may depend on
 * either.
 */
public final class LocalSpark {
    private static final SparkSession ROOT = start();

    private LocalSpark() {}

    /** A new session, now the thread's active one, whose catalog lies in {@code warehouse}; other sessions on the same folder share its tables. */
    public static SparkSession session(Path warehouse) {
        SparkSession session = ROOT.newSession();
        settings(warehouse).forEach((key, value) -> {
            if (key.startsWith("spark.sql.catalog.")) {
                session.conf().set(key, value);
            }
        });
        SparkSession.setActiveSession(session);
        return session;
    }

    /** The keys of conf/spark.properties with the warehouse filled in, as the launcher passes them. */
    public static Map<String, String> settings(Path warehouse) {
        Path file = Path.of(System.getProperty("patella.root"), "conf", "spark.properties");
        Map<String, String> all = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] pair = line.strip().split("\\s+", 2);
                    all.put(
                            pair[0],
                            pair[1].replace(
                                    "${PATELLA_WAREHOUSE}",
                                    warehouse.toAbsolutePath().toString()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static SparkSession start() {
        Locale.setDefault(Locale.GERMANY);
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
        SparkSession.Builder builder = SparkSession.builder().appName("tests").config("spark.master", "local[2]");
        settings(Path.of("target", "no-warehouse")).forEach(builder::config);
        SparkSession root = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate();
        Runtime.getRuntime().addShutdownHook(new Thread(root::stop));
        return root;
    }
}
