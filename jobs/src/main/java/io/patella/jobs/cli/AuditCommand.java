package io.patella.jobs.cli;

import io.patella.jobs.files.AuditFile;
import io.patella.jobs.files.JsonAnswer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code patella audit}: does a split leak? */
@Command(
        name = "audit",
        description =
                "Looks for leaks in a split: patients and identical or nearly identical pictures in several parts, and"
                        + " the mark of a split made image by image.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class AuditCommand implements Callable<Integer> {
    @Option(
            names = "--images",
            paramLabel = "F",
            description = "CSV or Parquet with image_id, patient_id, grade, part and, where there, pixel_sha256 and"
                    + " perceptual_hash (16 hexadecimal digits).")
    private @Nullable Path images;

    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (images == null) {
            throw new ParameterException(spec.commandLine(), "patella audit: give --images F.csv");
        }
        AuditFile.Answer answer = AuditFile.run(images);
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            JsonAnswer.print(answer, to);
        } else {
            to.print(answer.text());
            to.flush();
        }
        return Patella.DONE;
    }
}
