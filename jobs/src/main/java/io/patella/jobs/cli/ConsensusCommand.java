package io.patella.jobs.cli;

import io.patella.cohort.consensus.Protocol;
import io.patella.jobs.files.ConsensusFile;
import io.patella.jobs.job.ConsensusJob;
import io.patella.jobs.job.JobRun;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code patella consensus}: readings into reference grades. */
@Command(
        name = "consensus",
        description = {
            "Makes reference grades of readings, and says of every image why it has one or none.",
            "single: one reading is the grade. unanimous: readings of at least two readers, all equal. crossover: exactly one reading"
                    + " per stage, by two different readers, equal."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class ConsensusCommand implements Callable<Integer> {
    @Option(
            names = "--readings",
            paramLabel = "F",
            description = "CSV or Parquet with image_id, reader, grade and, for crossover, stage.")
    private @Nullable Path readings;

    @Option(names = "--protocol", description = "single, unanimous or crossover.")
    private @Nullable String protocol;

    @Option(names = "--out", paramLabel = "F.csv", description = "Where to write image_id, grade, kept, reason.")
    private @Nullable Path out;

    @Option(
            names = "--cohort",
            description =
                    "A cohort of the tables: reads its readings, writes reference_grades. Without --protocol: crossover"
                            + " when the readings have stages, unanimous when several readers read a picture, else single.")
    private @Nullable String cohort;

    @Mixin
    private AnswerOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (cohort != null && readings == null && out == null) {
            return decideCohort(cohort);
        }
        if (cohort != null || readings == null || out == null || protocol == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "patella consensus: give --cohort NAME, or --readings F.csv, --protocol and --out F.csv");
        }
        ConsensusFile.Answer answer = ConsensusFile.run(readings, out, Protocol.parse(protocol, "--protocol"));
        output.print(() -> answer, answer::text);
        return Patella.DONE;
    }

    private int decideCohort(String named) {
        Protocol wanted = protocol == null ? null : Protocol.parse(protocol, "--protocol");
        String asked = protocol == null ? "as the readings suggest" : protocol;
        JobRun job = JobRun.reading(
                "consensus",
                named,
                Map.of("cohort", named, "protocol", asked),
                spec.commandLine().getErr());
        ConsensusJob.Report report = job.run(run -> ConsensusJob.run(run, named, wanted));
        output.print(() -> report, report::text);
        if (!output.isJson()) {
            job.printNext();
        }
        return Patella.DONE;
    }
}
