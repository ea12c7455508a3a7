package io.patella.jobs.cli;

import io.patella.cohort.Part;
import io.patella.jobs.job.RobustnessJob;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.PartRow;
import java.util.concurrent.Callable;
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
    @Mixin
    private BundleOptions grader;

    @Option(names = "--cohort", required = true, description = "Cohort in the tables.")
    private String cohort;

    @Option(names = "--split", description = "Split that --part belongs to. Default: ${DEFAULT-VALUE}.")
    private String split = PartRow.DEFAULT_SPLIT;

    @Option(
            names = "--part",
            description = "train, validation, test or all. Default: ${DEFAULT-VALUE}, since choices are made by it.")
    private String part = Part.VALIDATION.word();

    @Mixin
    private AnswerOptions answer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        RobustnessJob.Request request = new RobustnessJob.Request(
                grader.bundle(),
                cohort,
                split,
                part.equals(EvaluationRow.ALL) ? null : Part.parse(part, "--part"),
                grader.mode(),
                grader.batch());
        RobustnessJob.Report report =
                new RobustnessJob(request, spec.commandLine().getErr()).run();
        answer.print(report::json, report::text);
        return Patella.DONE;
    }
}
