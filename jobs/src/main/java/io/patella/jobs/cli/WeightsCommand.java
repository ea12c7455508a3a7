package io.patella.jobs.cli;

import io.patella.jobs.files.CheckWeights;
import io.patella.jobs.files.InspectWeights;
import io.patella.jobs.files.JsonAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code patella weights}: what is in a file of weights, whether it fits, and into what it can be turned. */
@Command(
        name = "weights",
        description = "Looks into files of weights, checks whether they fit a network, converts them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {WeightsCommand.Inspect.class, WeightsCommand.Check.class})
@SuppressWarnings("NullAway.Init") // picocli injects
final class WeightsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "patella weights: inspect, check or convert?");
    }

    /** {@code patella weights inspect FILE [--json]}. */
    @Command(
            name = "inspect",
            description =
                    "Lists the tensors of a safetensors file: type, shape, bytes, and elements that are NaN or infinite.",
            mixinStandardHelpOptions = true)
    static final class Inspect implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "A safetensors file.")
        private Path file;

        @Option(names = "--json", description = "Answer with one JSON object.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            InspectWeights.Inspection inspection = InspectWeights.of(file);
            if (json) {
                JsonAnswer.print(inspection, spec.commandLine().getOut());
            } else {
                spec.commandLine().getOut().print(inspection.text());
                spec.commandLine().getOut().flush();
            }
            return Patella.DONE;
        }
    }

    /** {@code patella weights check --arch NAME FILE [--json]}. */
    @Command(
            name = "check",
            description = {
                "Compares the tensors of a safetensors file with those of a network: what is missing, unexpected, of another shape,"
                        + " or not finite.",
                "Ends with 2 when one of them does not fit."
            },
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        @ArgGroup(multiplicity = "1")
        private ForwardCommand.Network network;

        @Parameters(paramLabel = "FILE", description = "A safetensors file.")
        private Path file;

        @Option(names = "--json", description = "Answer with one JSON object.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            CheckWeights.Check check = CheckWeights.of(network.choice(), file);
            if (json) {
                JsonAnswer.print(check, spec.commandLine().getOut());
            } else {
                spec.commandLine().getOut().print(check.text());
                spec.commandLine().getOut().flush();
            }
            return check.fits() ? Patella.DONE : Patella.BAD_INPUT;
        }
    }
}
