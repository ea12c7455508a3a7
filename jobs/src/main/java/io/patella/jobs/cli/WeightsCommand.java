package io.patella.jobs.cli;

import io.patella.cohort.InputException;
import io.patella.jobs.files.CheckWeights;
import io.patella.jobs.files.ConvertWeights;
import io.patella.jobs.files.InspectWeights;
import io.patella.network.weights.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
        subcommands = {WeightsCommand.Inspect.class, WeightsCommand.Check.class, WeightsCommand.Convert.class})
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

        @Mixin
        private AnswerOptions answer;

        @Override
        public Integer call() throws IOException {
            InspectWeights.Inspection inspection = InspectWeights.of(file);
            answer.print(() -> inspection, inspection::text);
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

        @Mixin
        private AnswerOptions answer;

        @Override
        public Integer call() throws IOException {
            CheckWeights.Check check = CheckWeights.of(network.choice(), file);
            answer.print(() -> check, check::text);
            return check.fits() ? Patella.DONE : Patella.BAD_INPUT;
        }
    }

    /** {@code patella weights convert --from KIND --to KIND IN OUT}. */
    @Command(
            name = "convert",
            description = {
                "Takes safetensors out of a bundle, puts them into one, or writes them in another element type and under timm's names.",
                "Into a bundle: everything but the weights is that of the bundle named by --like.",
                "From bundle to bundle: the same one as a single zip."
            },
            mixinStandardHelpOptions = true)
    static final class Convert implements Callable<Integer> {
        /** Kinds of files. */
        enum Kind {
            SAFETENSORS,
            BUNDLE
        }

        @Option(names = "--from", required = true, description = "What IN is: ${COMPLETION-CANDIDATES}.")
        private Kind from;

        @Option(names = "--to", defaultValue = "SAFETENSORS", description = "What OUT becomes (default: safetensors).")
        private Kind to;

        @Option(
                names = "--type",
                defaultValue = "F32",
                description = "Element type of the numbers written: f64, f32, f16, bf16 (default: f32).")
        private ElementType type;

        @Option(names = "--like", paramLabel = "BUNDLE", description = "The bundle whose weights are replaced.")
        private @Nullable Path like;

        @Parameters(index = "0", paramLabel = "IN", description = "A safetensors file, a bundle, or its model.pt.")
        private Path in;

        @Parameters(index = "1", paramLabel = "OUT", description = "The file or bundle to write.")
        private Path out;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            spec.commandLine().getErr().println(out + ": " + converted());
            return Patella.DONE;
        }

        private String converted() throws IOException {
            if (to == Kind.SAFETENSORS) {
                int tensors = from == Kind.BUNDLE
                        ? ConvertWeights.outOfBundle(in, type, out)
                        : ConvertWeights.safetensors(in, type, out);
                return tensors + " tensors";
            }
            if (from == Kind.BUNDLE && like == null) {
                return ConvertWeights.packed(in, out);
            }
            if (from == Kind.BUNDLE || like == null) {
                throw new InputException(
                        "--to bundle",
                        "wants safetensors and a bundle to fill",
                        in,
                        "patella weights convert --from safetensors --to bundle --like BUNDLE IN OUT");
            }
            return ConvertWeights.intoBundle(in, like, out);
        }
    }
}
