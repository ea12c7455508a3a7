package io.patella.jobs.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.IcebergBuild;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Which software a run ran on. */
final class Versions {
    /** This Patella. */
    static final String PATELLA = "0.1.0";

    private Versions() {}

    static Map<String, String> all(SparkSession spark) {
        Map<String, String> versions = new TreeMap<>();
        versions.put("patella", PATELLA);
        versions.put("java", Runtime.version().toString());
        versions.put("spark", spark.version());
        versions.put("iceberg", IcebergBuild.version());
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    /** The commit of the checkout that the launcher runs from; null where it is none or git is not there. */
    static @Nullable String commit() {
        String root = System.getenv("PATELLA_ROOT");
        if (root == null || !Files.exists(Path.of(root, ".git"))) {
            return null;
        }
        try {
            Process git = new ProcessBuilder("git", "-C", root, "describe", "--always", "--dirty", "--abbrev=40")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? answer : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
