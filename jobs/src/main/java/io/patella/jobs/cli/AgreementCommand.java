package io.patella.jobs.cli;

import io.patella.jobs.files.AgreementFile;
import io.patella.statistics.agreement.Agreement;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code patella agreement}: how far readers agree. */
@Command(
        name = "agreement",
        description = "Agreement of readers: Cohen's kappas with standard errors, Fleiss, Krippendorff, ICC.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class AgreementCommand implements Callable<Integer> {
    @Option(
            names = "--readings",
            required = true,
            paramLabel = "F",
            description =
                    "CSV or Parquet: image_id, reader, grade; or image_id and one column per reader, empty = not read.")
    private Path readings;

    @Option(
            names = "--readers",
            paramLabel = "A,B,...",
            split = ",",
            description = "Which readers (default: all; of one column per reader those that begin with \"reader\").")
    private List<String> readers = List.of();

    @Mixin
    private AnswerOptions output;

    @Override
    public Integer call() {
        Agreement agreement = AgreementFile.run(readings, readers);
        output.print(() -> AgreementFile.json(agreement), () -> AgreementFile.text(agreement));
        return Patella.DONE;
    }
}
