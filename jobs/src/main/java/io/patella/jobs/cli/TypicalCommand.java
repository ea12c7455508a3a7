package io.patella.jobs.cli;

import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.job.TypicalJob;
import io.patella.tables.row.PartRow;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella typical --bundle B --cohort NAME}: for bundles from before training did it; hidden from the list of commands. */
@Command(
        name = "typical",
        hidden = true,
        description = "Measures which pictures are typical of what a bundle was trained on, so that it flags others.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class TypicalCommand implements Callable<Integer> {
    @Option(names = "--bundle", required = true, description = "Folder or zip; it is written again, with another hash.")
    private Path bundle;

    @Option(names = "--cohort", required = true, description = "The cohort that it was trained on.")
    private String cohort;

    @Option(names = "--split", description = "The split that it was trained on. Default: ${DEFAULT-VALUE}.")
    private String split = PartRow.DEFAULT_SPLIT;

    @Option(names = "--threads", description = "Threads of the processor. Default: ${DEFAULT-VALUE}.")
    private int threads = 2;

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String model = new TypicalJob(
                        bundle, cohort, split, threads, spec.commandLine().getErr())
                .run();
        if (json) {
            JsonAnswer.print(
                    Map.of("bundle", bundle.toString(), "model", model),
                    spec.commandLine().getOut());
        }
        return Patella.DONE;
    }
}
