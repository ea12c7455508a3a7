package io.patella.jobs.cli;

import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.TrainConf;
import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.job.TrainJob;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    private static final int INTERRUPTED = 130;

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
        TrainJob.Outcome outcome =
                new TrainJob(read, Places.warehouse(), spec.commandLine().getErr()).run();
        if (json) {
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put(
                    "bundle", outcome.bundle() == null ? null : outcome.bundle().toString());
            answer.put("model", outcome.model());
            answer.put("best_epoch", outcome.trained().bestEpoch());
            answer.put("epochs", outcome.trained().history().size());
            answer.put("stopped", outcome.trained().stopped().detail());
            JsonAnswer.print(answer, spec.commandLine().getOut());
        }
        return outcome.bundle() == null ? INTERRUPTED : Patella.DONE;
    }
}
