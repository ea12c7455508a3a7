package io.patella.jobs.cli;

import io.patella.jobs.files.EvaluateFile;
import io.patella.jobs.job.EvaluateJob;
import io.patella.statistics.conformal.GradeSets;
import io.patella.statistics.evaluation.Subgroup;
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
            names = "--covariates",
            paramLabel = "F",
            description = "With --cohort: CSV or Parquet with patient_id or image_id and more columns for --subgroup,"
                    + " such as sex or age band.")
    private @Nullable Path covariates;

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

    @Option(
            names = "--validation",
            paramLabel = "F",
            description = "With --predictions: predictions of a validation part, to fit grade sets, temperature and the"
                    + " correction of prevalence on. With --cohort and --part test the part validation serves.")
    private @Nullable Path validation;

    @Option(
            names = "--alpha",
            description = "Share of the knees of each grade that grade sets may miss (default: ${DEFAULT-VALUE}).")
    private double alpha = GradeSets.ALPHA;

    @Option(
            names = "--grade-sets",
            paramLabel = "F.csv",
            description = "Write the set of grades of each knee, whether to set it aside, and scaled probabilities.")
    private @Nullable Path gradeSets;

    @Mixin
    private BootstrapOptions bootstrap;

    @Mixin
    private AnswerOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if ((predictions == null) == (cohort == null)) {
            throw new ParameterException(
                    spec.commandLine(), "patella evaluate: give --cohort NAME or --predictions F, one of the two");
        }
        if (predictions == null ? validation != null : covariates != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "patella evaluate: --validation goes with --predictions, --covariates with --cohort");
        }
        if (gradeSets != null && predictions != null && validation == null) {
            throw new ParameterException(spec.commandLine(), "patella evaluate: --grade-sets needs --validation F");
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
                covariates,
                smallestCell,
                against,
                alpha,
                bootstrap.bootstrap());
        EvaluateJob.Outcome outcome =
                new EvaluateJob(request, spec.commandLine().getErr()).run();
        if (curves != null) {
            outcome.writeCurves(curves);
        }
        if (gradeSets != null) {
            outcome.writeGradeSets(gradeSets);
        }
        output.printJson(outcome::json);
        return Patella.DONE;
    }

    private int ofFile(Path file) {
        EvaluateFile.Answer answer = EvaluateFile.run(
                file,
                bootstrap.bootstrap(),
                new EvaluateFile.Extras(subgroups, smallestCell, curves, validation, alpha, gradeSets));
        output.print(answer::json, answer::text);
        return Patella.DONE;
    }
}
