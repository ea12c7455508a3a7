package io.patella.jobs.cli;

import io.patella.jobs.conf.Conf;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** A configuration file and what overrides it. */
final class ConfOptions {
    @Option(
            names = "--conf",
            required = true,
            paramLabel = "FILE",
            description = "Configuration; see the example below and the folder conf.")
    @SuppressWarnings("NullAway.Init") // picocli injects
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of the file; may be repeated.")
    private List<String> overrides = List.of();

    /** The file. */
    Path file() {
        return file;
    }

    /** What it says, overrides applied. */
    <T extends Record> T read(Class<T> type) {
        return Conf.read(file, type, overrides);
    }
}
