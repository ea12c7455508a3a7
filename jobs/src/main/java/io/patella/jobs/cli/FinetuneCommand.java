package io.patella.jobs.cli;

import io.patella.jobs.conf.FinetuneConf;
import io.patella.jobs.job.FinetuneJob;
import io.patella.jobs.job.Training;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella finetune --bundle B --conf F}. */
@Command(
        name = "finetune",
        description =
                "Trains on from a bundle on a cohort's train part, tunes its cutpoints on the validation part, writes a bundle.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "  patella finetune --bundle warehouse/models/kl-fusenet --conf conf/finetune/external.yaml",
            "",
            "Who is held out by the bundle is not trained on. Ctrl-C saves; the same command goes on."
        })
@SuppressWarnings("NullAway.Init") // picocli injects
final class FinetuneCommand implements Callable<Integer> {
    @Option(names = "--bundle", required = true, description = "The bundle to start from, a folder or zip.")
    private Path bundle;

    @Mixin
    private ConfOptions conf;

    @Mixin
    private AnswerOptions answer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        FinetuneConf read = conf.read(FinetuneConf.class);
        Training.Outcome outcome = new FinetuneJob(
                        bundle, read, Places.warehouse(), spec.commandLine().getErr())
                .run();
        answer.printJson(outcome::json);
        return outcome.bundle() == null ? Patella.INTERRUPTED : Patella.DONE;
    }
}
