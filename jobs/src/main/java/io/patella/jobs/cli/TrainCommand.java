package io.patella.jobs.cli;

import io.patella.jobs.conf.TrainConf;
import io.patella.jobs.job.TrainJob;
import io.patella.jobs.job.Training;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
    @Mixin
    private ConfOptions conf;

    @Mixin
    private AnswerOptions answer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        TrainConf read = conf.read(TrainConf.class);
        Training.Outcome outcome = new TrainJob(
                        read,
                        conf.file(),
                        Places.warehouse(),
                        spec.commandLine().getErr())
                .run();
        answer.printJson(outcome::json);
        return outcome.bundle() == null ? Patella.INTERRUPTED : Patella.DONE;
    }
}
