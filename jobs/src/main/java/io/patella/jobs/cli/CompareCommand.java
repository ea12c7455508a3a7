package io.patella.jobs.cli;

import io.patella.jobs.files.CompareFiles;
import io.patella.jobs.files.ComparisonAnswer;
import io.patella.jobs.files.JsonAnswer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code patella compare}: graders on the same images. */
@Command(
        name = "compare",
        description =
                "Compares graders on the same images: paired bootstrap differences, McNemar's exact test, DeLong's test.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class CompareCommand implements Callable<Integer> {
    @Option(names = "--a", paramLabel = "F", description = "Predictions of the first grader, as for evaluate.")
    private @Nullable Path a;

    @Option(
            names = "--b",
            paramLabel = "F",
            description = "Predictions of the second grader on the same images; repeat it to compare a with several.")
    private List<Path> b = List.of();

    @Option(
            names = "--margin",
            paramLabel = "M",
            description = "Also say whether a is non-inferior: at most M worse, in units of each metric.")
    private @Nullable Double margin;

    @Mixin
    private BootstrapOptions bootstrap;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (a == null || b.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "patella compare: give --a F and --b F");
        }
        ComparisonAnswer answer = CompareFiles.run(a, b, bootstrap.bootstrap(), margin);
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            JsonAnswer.print(answer.json(), to);
        } else {
            to.print(answer.text());
            to.flush();
        }
        return Patella.DONE;
    }
}
