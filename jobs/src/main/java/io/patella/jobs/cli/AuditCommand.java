package io.patella.jobs.cli;

import io.patella.jobs.files.AuditAnswer;
import io.patella.jobs.files.AuditFile;
import io.patella.jobs.job.AuditJob;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code patella audit}: does a split leak? */
@Command(
        name = "audit",
        description = {
            "Looks for leaks in splits: patients and identical or nearly identical pictures in several parts, the mark of a"
                    + " split made image by image, and what such a split would have claimed.",
            "Exit code 3 when a split leaks."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class AuditCommand implements Callable<Integer> {
    @Option(
            names = "--images",
            paramLabel = "F",
            description = "CSV or Parquet with image_id, patient_id, grade, part and, where there, pixel_sha256 and"
                    + " perceptual_hash (16 hexadecimal digits). With --cohort: image_id and part suffice.")
    private @Nullable Path images;

    @Option(names = "--cohort", paramLabel = "NAME", description = "Audit the splits of this cohort in the tables.")
    private @Nullable String cohort;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "With --cohort: audit this split (default: all, and the one that the files' folders spell).")
    private @Nullable String split;

    @Mixin
    private AnswerOptions answer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (cohort != null) {
            AuditJob.Request request = new AuditJob.Request(cohort, split, images);
            AuditJob.Report report = new AuditJob(request, spec.commandLine().getErr()).run();
            answer.print(() -> report, report::text);
            return gate(report.clean());
        }
        if (images == null || split != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "patella audit: give --images F.csv, or --cohort NAME [--split S] [--images F]");
        }
        AuditAnswer found = AuditFile.run(images);
        answer.print(() -> found, found::text);
        return gate(found.clean());
    }

    private static int gate(boolean clean) {
        return clean ? Patella.DONE : Patella.GATE_NOT_MET;
    }
}
