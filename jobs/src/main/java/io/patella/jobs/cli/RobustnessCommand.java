package io.patella.jobs.cli;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.jobs.job.RobustnessJob;
import io.patella.tables.row.PartRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella robustness}: does a grader bear other hands? */
@Command(
        name = "robustness",
        description =
                "Grades a part's pictures as they are and mirrored, turned, shifted, cropped, compressed, over-exposed,"
                        + " inverted: how much worse the grades become, and how many change.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class RobustnessCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Option(names = "--bundle", description = "A bundle's folder or zip. Default: the shipped one.")
    private @Nullable Path bundle;

    @Option(names = "--cohort", required = true, description = "Cohort in the tables.")
    private String cohort;

    @Option(names = "--split", description = "Split that --part belongs to. Default: ${DEFAULT-VALUE}.")
    private String split = PartRow.DEFAULT_SPLIT;

    @Option(
            names = "--part",
            description = "train, validation, test or all. Default: ${DEFAULT-VALUE}, since choices are made by it.")
    private String part = Part.VALIDATION.word();

    @Option(names = "--mode", description = "As of grade.")
    private @Nullable String mode;

    @Option(names = "--batch", description = "Pictures per forward pass. Default: ${DEFAULT-VALUE}.")
    private int batch = 16;

    @Mixin
    private AnswerOptions answer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path path = bundle == null ? Places.shippedBundle() : bundle;
        if (!Files.exists(path)) {
            throw new InputException("--bundle", "no such folder or zip", path, "train one: patella train");
        }
        RobustnessJob.Request request = new RobustnessJob.Request(
                path,
                cohort,
                split,
                part.equals(ALL) ? null : Part.parse(part, "--part"),
                mode == null ? ExecutionMode.standard(Device.CPU) : ExecutionMode.parse(mode, "--mode"),
                batch);
        RobustnessJob.Report report =
                new RobustnessJob(request, spec.commandLine().getErr()).run();
        answer.print(() -> report, report::text);
        return Patella.DONE;
    }
}
