package io.patella.jobs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code ./patella} as a process of its own, from the {@code dist} that the build has made: for tests of tag {@code launcher}. */
public final class Launcher {
    /** The repository. */
    public static final Path ROOT = Path.of(System.getProperty("patella.root"));

    private Launcher() {}

    /** Skips the test where nothing is packaged. */
    public static void assumeBuilt() {
        assumeTrue(Files.isDirectory(ROOT.resolve("dist").resolve("lib")), "dist/lib is missing: mvn package makes it");
    }

    /** A command on a warehouse, messages and answers in one stream. */
    public static ProcessBuilder command(Path warehouse, String... arguments) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("patella").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("PATELLA_WAREHOUSE", warehouse.toAbsolutePath().toString());
        builder.environment().remove("SPARK_HOME");
        if (!Files.exists(
                ROOT.resolve("dist").resolve("patella.jsa"))) { // a few commands do not pay for making class data
            builder.environment().put("PATELLA_CLASS_DATA", "none");
        }
        builder.environment().put("PATELLA_JAVA_OPTS", "-Xmx1g -Dspark.executor.memory=1g -Dspark.task.maxFailures=1");
        return builder;
    }
}
