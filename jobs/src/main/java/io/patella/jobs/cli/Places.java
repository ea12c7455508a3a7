package io.patella.jobs.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the launcher says things lie. */
final class Places {
    private Places() {}

    /** The folder of tables, bundles and caches. */
    static Path warehouse() {
        return from(System.getenv("PATELLA_WAREHOUSE"), "warehouse");
    }

    /** The tables that {@code study} wrote, by name. */
    static List<Path> studies() {
        Path folder = warehouse().resolve("studies");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".csv"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /** The installation: conf, shipped bundle. */
    static Path root() {
        return from(System.getenv("PATELLA_ROOT"), ".");
    }

    /** The bundle that grades where none is named. */
    static Path shippedBundle() {
        return root().resolve("bundles").resolve("patella-small.zip");
    }

    private static Path from(@Nullable String variable, String otherwise) {
        return Path.of(variable == null ? otherwise : variable).toAbsolutePath().normalize();
    }
}
