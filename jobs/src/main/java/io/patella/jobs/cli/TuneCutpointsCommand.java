package io.patella.jobs.cli;

import io.patella.jobs.files.TuneCutpointsFile;
import io.patella.statistics.cutpoints.TunedCutpoints;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code patella tune-cutpoints}: thresholds of ordinal probabilities for the best QWK. */
@Command(
        name = "tune-cutpoints",
        description =
                "Finds the cutpoints with the best QWK among all nondecreasing combinations of 0.30, 0.31 ... 0.70.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class TuneCutpointsCommand implements Callable<Integer> {
    @Option(
            names = "--predictions",
            required = true,
            paramLabel = "F",
            description = "CSV or Parquet with grade, ord0..ord3; of a validation part, never of the test part.")
    private Path predictions;

    @Option(
            names = "--search",
            defaultValue = "exact",
            description =
                    "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); descent is the paper's, and may miss the best.")
    private TuneCutpointsFile.Search search;

    @Mixin
    private AnswerOptions output;

    @Override
    public Integer call() {
        TunedCutpoints tuned = TuneCutpointsFile.run(predictions, search);
        output.print(() -> TuneCutpointsFile.json(tuned), () -> TuneCutpointsFile.text(tuned));
        return Patella.DONE;
    }
}
