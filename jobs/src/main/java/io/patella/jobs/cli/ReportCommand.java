package io.patella.jobs.cli;

import io.patella.jobs.job.JobRun;
import io.patella.jobs.job.ReportJob;
import io.patella.jobs.job.report.ReportTables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella report [--cohort NAME ...] [--out FILE]}. */
@Command(
        name = "report",
        description =
                "Writes one self-contained HTML page from the tables: flow, cohorts, split, figures with intervals,"
                        + " curves, subgroups, comparisons, worst errors, provenance.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class ReportCommand implements Callable<Integer> {
    @Option(
            names = "--cohort",
            paramLabel = "NAME",
            description = "Report on this cohort; may be repeated. Default: all.")
    private List<String> cohorts = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "The page. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("report.html");

    @Option(names = "--no-pictures", description = "Leave radiographs out, for pages that go where they may not.")
    private boolean withoutPictures;

    @Option(
            names = "--heatmaps",
            paramLabel = "FOLDER",
            description = "Put in the Grad-CAM overlays of this folder, files named IMAGE_ID.png.")
    private @Nullable Path heatmaps;

    @Option(
            names = "--table",
            paramLabel = "FILE.csv",
            description =
                    "Put in a study's table; may be repeated. Columns X, X lower, X upper become figures with intervals."
                            + " Default: those of the warehouse's folder studies.")
    private List<Path> studies = List.of();

    @Mixin
    private AnswerOptions answer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ReportTables.Wanted wanted = new ReportTables.Wanted(
                cohorts,
                withoutPictures ? ReportTables.Radiographs.LEFT_OUT : ReportTables.Radiographs.SHOWN,
                heatmaps,
                studies.isEmpty() ? Places.studies() : studies);
        Path page = JobRun.reading(
                        "report",
                        cohorts.size() == 1 ? cohorts.get(0) : null,
                        Map.of("cohorts", cohorts, "out", out.toString(), "pictures", !withoutPictures),
                        spec.commandLine().getErr())
                .run(run -> ReportJob.write(run, wanted, out));
        answer.print(() -> Map.of("page", page.toString()), () -> page + "\n");
        return Patella.DONE;
    }
}
