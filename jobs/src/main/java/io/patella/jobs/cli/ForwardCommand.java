package io.patella.jobs.cli;

import io.patella.cohort.InputException;
import io.patella.jobs.files.ForwardFile;
import io.patella.jobs.files.NetworkChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella forward --arch NAME | --config F --weights F --input F --out F}. */
@Command(
        name = "forward",
        description = {
            "Runs a network on tensors, in float32: features, pooled features and logits, as timm gives them.",
            "Reads the tensor input [N,3,H,W] (also PREFIX/input) and writes forward_features, pooled and forward under the same prefix."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class ForwardCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Network network;

    @Option(names = "--weights", required = true, paramLabel = "FILE", description = "safetensors with timm's names.")
    private Path weights;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "safetensors with the tensor input.")
    private Path input;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "safetensors to write.")
    private Path out;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Processor threads (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Spec
    private CommandSpec spec;

    /** Which network. */
    static final class Network {
        @Option(names = "--arch", paramLabel = "NAME", description = "timm's name of the architecture: resnet50.")
        private @Nullable String name;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "JSON with made_by (timm's class) and config (its constructor's arguments).")
        private @Nullable Path config;

        NetworkChoice choice() throws IOException {
            if (config != null) {
                return NetworkChoice.configured(config);
            }
            if (name == null) {
                throw new InputException("--arch", "no network is named", "", "give --arch NAME or --config FILE");
            }
            return NetworkChoice.named(name);
        }
    }

    @Override
    public Integer call() throws IOException {
        List<String> written = ForwardFile.run(network.choice(), weights, input, out, threads);
        spec.commandLine().getErr().println(out + ": " + String.join(", ", written));
        return Patella.DONE;
    }
}
