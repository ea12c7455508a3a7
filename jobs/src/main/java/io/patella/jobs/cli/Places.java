package io.patella.jobs.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the launcher says things lie. */
final class Places {
    private Places() {}

    /** The folder of tables, bundles and caches. */
    static Path warehouse() {
        return from(System.getenv("PATELLA_WAREHOUSE"), "warehouse");
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
