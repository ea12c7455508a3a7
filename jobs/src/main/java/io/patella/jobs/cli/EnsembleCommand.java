package io.patella.jobs.cli;

import io.patella.jobs.conf.EnsembleConf;
import io.patella.jobs.job.EnsembleJob;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code patella ensemble --conf F}. */
@Command(
        name = "ensemble",
        description =
                "Joins trained bundles into one that answers with their mean, or takes one to pictures of another size; tunes"
                        + " its cutpoints on the validation part that they share, writes a bundle.",
        mixinStandardHelpOptions = true,
        footer = {"", "  patella ensemble --conf conf/ensemble/patella-small.yaml"})
@SuppressWarnings("NullAway.Init") // picocli injects
final class EnsembleCommand implements Callable<Integer> {
    @Mixin
    private ConfOptions conf;

    @Mixin
    private AnswerOptions answer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        EnsembleJob.Outcome outcome = new EnsembleJob(
                        conf.read(EnsembleConf.class),
                        conf.file(),
                        Places.warehouse(),
                        spec.commandLine().getErr())
                .run();
        answer.printJson(outcome::json);
        return Patella.DONE;
    }
}
