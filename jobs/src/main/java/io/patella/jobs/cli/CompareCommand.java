package io.patella.jobs.cli;

import io.patella.jobs.files.CompareFiles;
import io.patella.jobs.files.ComparisonAnswer;
import io.patella.jobs.job.CompareJob;
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
            names = "--models",
            paramLabel = "A,B,...",
            split = ",",
            description = "Names or hashes of models to compare on the tables, every pair.")
    private List<String> models = List.of();

    @Option(names = "--cohort", paramLabel = "NAME", description = "With --models: whose images.")
    private @Nullable String cohort;

    @Mixin
    private PartOptions part;

    @Option(
            names = "--margin",
            paramLabel = "M",
            description = "Also say whether a is non-inferior: at most M worse, in units of each metric.")
    private @Nullable Double margin;

    @Mixin
    private BootstrapOptions bootstrap;

    @Mixin
    private AnswerOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ComparisonAnswer answer = models.isEmpty() ? ofFiles() : ofTables();
        output.print(answer::json, answer::text);
        return Patella.DONE;
    }

    private ComparisonAnswer ofFiles() {
        if (a == null || b.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "patella compare: give --a F and --b F, or --models A,B and --cohort NAME");
        }
        return CompareFiles.run(a, b, bootstrap.bootstrap(), margin);
    }

    private ComparisonAnswer ofTables() {
        if (cohort == null) {
            throw new ParameterException(spec.commandLine(), "patella compare: --models needs --cohort NAME");
        }
        CompareJob.Request request =
                new CompareJob.Request(models, cohort, part.split(), part.part(), margin, bootstrap.bootstrap());
        return new CompareJob(request, spec.commandLine().getErr()).run();
    }
}
