package io.patella.jobs.cli;

import io.patella.jobs.files.EvaluateFile;
import io.patella.jobs.files.EvaluationAnswer;
import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.job.EvaluateJob;
import io.patella.statistics.evaluation.Subgroup;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code patella evaluate}: grades against reference grades. */
@Command(
        name = "evaluate",
        description =
                "Metrics with patient-level bootstrap intervals, curves and calibration of anybody's predictions.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class EvaluateCommand implements Callable<Integer> {
    @Option(
            names = "--predictions",
            paramLabel = "F",
            description =
                    "CSV or Parquet with image_id, patient_id, grade, predicted and, where there, p0..p4, p_kl_ge_2.")
    private @Nullable Path predictions;

    @Option(names = "--cohort", paramLabel = "NAME", description = "Evaluate the grades in the tables of this cohort.")
    private @Nullable String cohort;

    @Mixin
    private PartOptions part;

    @Option(names = "--model", paramLabel = "M", description = "Name or hash of a model (default: every model).")
    private @Nullable String model;

    @Option(
            names = "--against",
            defaultValue = "reference",
            description =
                    "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); readers: each reader too, also apart where readers"
                            + " agree and disagree, with their own agreement beside.")
    private EvaluateJob.Against against;

    @Option(
            names = "--subgroup",
            paramLabel = "COLUMN",
            split = ",",
            description = "Also evaluate each value of these columns; missing values are a stratum of their own.")
    private List<String> subgroups = List.of();

    @Option(
            names = "--smallest-cell",
            defaultValue = "" + Subgroup.SMALLEST_CELL,
            description = "Subgroups with fewer patients get no figures (default: ${DEFAULT-VALUE}).")
    private int smallestCell;

    @Option(
            names = "--curves",
            paramLabel = "F.csv",
            description = "Write ROC, precision-recall, reliability and decision curves as points.")
    private @Nullable Path curves;

    @Mixin
    private BootstrapOptions bootstrap;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if ((predictions == null) == (cohort == null)) {
            throw new ParameterException(
                    spec.commandLine(), "patella evaluate: give --cohort NAME or --predictions F, one of the two");
        }
        return predictions == null ? ofTables(cohort) : ofFile(predictions);
    }

    private int ofTables(@Nullable String name) {
        EvaluateJob.Request request = new EvaluateJob.Request(
                Objects.requireNonNull(name),
                part.split(),
                part.part(),
                model,
                subgroups,
                smallestCell,
                against,
                bootstrap.bootstrap());
        EvaluateJob.Outcome outcome =
                new EvaluateJob(request, spec.commandLine().getErr()).run();
        if (json) {
            JsonAnswer.print(outcome.json(), spec.commandLine().getOut());
        }
        return Patella.DONE;
    }

    private int ofFile(Path file) {
        EvaluateFile.Answer answer = EvaluateFile.run(file, bootstrap.bootstrap(), subgroups, smallestCell, curves);
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            JsonAnswer.print(EvaluationAnswer.json(answer.evaluation(), answer.subgroups()), to);
        } else {
            to.print(EvaluationAnswer.text(answer.evaluation(), answer.subgroups()));
            to.flush();
        }
        return Patella.DONE;
    }
}
