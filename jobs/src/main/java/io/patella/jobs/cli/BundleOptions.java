package io.patella.jobs.cli;

import io.patella.cohort.InputException;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which bundle grades, and how it is run. */
final class BundleOptions {
    @Option(names = "--bundle", description = "A bundle's folder or zip. Default: the shipped one.")
    private @Nullable Path bundle;

    @Option(
            names = "--mode",
            description =
                    "cpu-f32-strict, cpu-f32, cpu-bf16, cuda-f32, cuda-bf16. Default: cpu-bf16 where the processor "
                            + "has instructions for it, else cpu-f32.")
    private @Nullable String mode;

    @Option(names = "--batch", description = "Pictures per forward pass. Default: ${DEFAULT-VALUE}.")
    private int batch = 16;

    /**
     * The bundle.
     *
     * @throws InputException when none is named and none is shipped
     */
    Path bundle() {
        Path path = bundle == null ? Places.shippedBundle() : bundle;
        if (bundle == null && !Files.exists(path)) {
            throw new InputException(
                    "--bundle", "none given, and none is shipped at", path, "train one: patella train");
        }
        return path;
    }

    /** How forward passes are computed. */
    ExecutionMode mode() {
        return mode == null ? ExecutionMode.standard(Device.CPU) : ExecutionMode.parse(mode, "--mode");
    }

    /** Pictures per forward pass, at least 1. */
    int batch() {
        if (batch < 1) {
            throw new InputException("--batch", "below 1", batch, "give 1 or more");
        }
        return batch;
    }
}
