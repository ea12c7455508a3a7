package io.patella.jobs.cli;

import io.patella.cohort.split.PatientSplit;
import io.patella.cohort.split.Ratios;
import io.patella.jobs.files.SplitFile;
import io.patella.jobs.job.JobRun;
import io.patella.jobs.job.SplitJob;
import io.patella.tables.row.PartRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code patella split}: patients into train, validation and test. */
@Command(
        name = "split",
        description =
                "Splits patients into train, validation and test: stratified on the highest grade, sizes exact, the same"
                        + " whatever the order of rows; patients who share an identical picture stay together.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class SplitCommand implements Callable<Integer> {
    @Option(
            names = "--images",
            paramLabel = "F",
            description = "CSV or Parquet with patient_id, image_id, grade and optionally pixel_sha256.")
    private @Nullable Path images;

    @Option(names = "--out", paramLabel = "F.csv", description = "Where to write patient_id, stratum, part.")
    private @Nullable Path out;

    @Option(names = "--cohort", description = "A cohort of the tables: reads its reference grades, writes parts.")
    private @Nullable String cohort;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = PartRow.DEFAULT_SPLIT,
            description = "With --cohort: name of the split to make (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--seed", defaultValue = "42", description = "Seed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--ratios",
            defaultValue = "70,15,15",
            description = "Weights of train, validation, test (default: ${DEFAULT-VALUE}).")
    private String ratios;

    @Mixin
    private AnswerOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (cohort != null && images == null && out == null) {
            return splitCohort(cohort);
        }
        if (cohort != null || images == null || out == null) {
            throw new ParameterException(
                    spec.commandLine(), "patella split: give --cohort NAME, or --images F.csv and --out F.csv");
        }
        PatientSplit split = PatientSplit.seeded(seed).ratios(Ratios.parse(ratios));
        SplitFile.Answer answer = SplitFile.run(images, out, split);
        output.print(() -> answer, answer::text);
        return Patella.DONE;
    }

    private int splitCohort(String named) {
        SplitJob.Request request = new SplitJob.Request(named, name, seed, ratios);
        PrintWriter log = spec.commandLine().getErr();
        JobRun job = JobRun.reading("split", named, request, log);
        SplitJob.Report report = job.run(run -> SplitJob.run(run, request));
        output.print(() -> report.answer(), report::text);
        if (!output.isJson()) {
            job.printNext();
        }
        return Patella.DONE;
    }
}
