package io.patella.jobs.cli;

import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.TrainConf;
import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.job.TrainJob;
import io.patella.jobs.job.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella train --conf F}. */
@Command(
        name = "train",
        description = "Trains a grader on a cohort's train part, chooses on its validation part, writes a bundle.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "  patella train --conf conf/train/kl-fusenet-small.yaml --set recipe.epochs=3",
            "",
            "Ctrl-C saves; the same command goes on."
        })
@SuppressWarnings("NullAway.Init") // picocli injects
final class TrainCommand implements Callable<Integer> {
    @Option(
            names = "--conf",
            required = true,
            paramLabel = "FILE",
            description = "Such as conf/train/kl-fusenet-small.yaml.")
    private Path conf;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of the file; may be repeated.")
    private List<String> overrides = List.of();

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        TrainConf read = Conf.read(conf, TrainConf.class, overrides);
        Training.Outcome outcome =
                new TrainJob(read, Places.warehouse(), spec.commandLine().getErr()).run();
        if (json) {
            JsonAnswer.print(outcome.json(), spec.commandLine().getOut());
        }
        return outcome.bundle() == null ? Patella.INTERRUPTED : Patella.DONE;
    }
}
