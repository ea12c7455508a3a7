package io.patella.jobs.cli;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.engine.Flag;
import io.patella.engine.OpenedBundle;
import io.patella.engine.Prediction;
import io.patella.imaging.Decoder;
import io.patella.imaging.Scaling;
import io.patella.jobs.files.GradeFiles;
import io.patella.jobs.files.HeatmapFiles;
import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.job.GradeJob;
import io.patella.tables.row.PartRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code patella grade --bundle B --cohort NAME} on tables, {@code patella grade FILE...} without. */
@Command(
        name = "grade",
        description = "Grades a cohort's pictures that this model has not graded yet, or single files.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "  patella grade --bundle warehouse/models/kl-fusenet-small --cohort oai --part test",
            "  patella grade knee.png other.jpg --json",
            "  patella grade knee.png --heatmap maps",
            "",
            "Decision support for research, no diagnosis."
        })
@SuppressWarnings("NullAway.Init") // picocli injects
final class GradeCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Radiographs: PNG, JPEG, TIFF.")
    private List<String> files = List.of();

    @Mixin
    private BundleOptions grader;

    @Option(names = "--cohort", description = "Grade this cohort's pictures from the tables.")
    private @Nullable String cohort;

    @Option(names = "--split", description = "Split that --part belongs to. Default: ${DEFAULT-VALUE}.")
    private String split = PartRow.DEFAULT_SPLIT;

    @Option(names = "--part", description = "Only this part: train, validation, test. Default: all pictures.")
    private @Nullable String part;

    @Option(
            names = "--window",
            paramLabel = "LOW:HIGH",
            description = "For 16-bit files: these values become 0 and 255.")
    private @Nullable String window;

    @Option(
            names = "--heatmap",
            paramLabel = "FOLDER",
            description =
                    "Write Grad-CAM overlays there, 224 x 224: IMAGE.png, and IMAGE-left.png, IMAGE-right.png of graders that"
                            + " look at halves.")
    private @Nullable Path heatmap;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description =
                    "With --cohort: how many pictures get a heatmap, spread over the grades. Default: ${DEFAULT-VALUE}.")
    private int sample = 15;

    @Option(names = "--json", description = "One JSON object (for files: one a line).")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (sample < 1) {
            throw new InputException("--sample", "below 1", sample, "give 1 or more, or leave --heatmap out");
        }
        if (cohort != null && files.isEmpty()) {
            GradeJob.Outcome outcome = new GradeJob(
                            new GradeJob.Request(
                                    grader.bundle().toString(),
                                    cohort,
                                    split,
                                    part == null ? null : Part.parse(part, "--part"),
                                    grader.mode(),
                                    grader.batch(),
                                    heatmap == null ? null : heatmap.toString(),
                                    sample),
                            spec.commandLine().getErr())
                    .run();
            if (json) {
                JsonAnswer.print(outcome, spec.commandLine().getOut());
            }
            return Patella.DONE;
        }
        if (files.isEmpty() || cohort != null) {
            throw new InputException(
                    "grade", "give files or --cohort, one of the two", files, "see patella grade --help");
        }
        return gradeFiles(grader.bundle(), grader.mode());
    }

    private int gradeFiles(Path path, ExecutionMode chosen) {
        PrintWriter out = spec.commandLine().getOut();
        AtomicInteger refused = new AtomicInteger();
        Device device = chosen.isCuda() ? Device.parse("cuda", "--mode") : Device.CPU;
        try (OpenedBundle opened = GradeFiles.open(path, device, chosen)) {
            HeatmapFiles overlays = heatmap == null ? null : HeatmapFiles.in(heatmap, files);
            GradeFiles.run(files, opened, Decoder.strict().with(scaling()), answer -> {
                if (overlays != null && answer instanceof GradeFiles.Answer.Graded graded) {
                    overlays.write(graded, opened);
                }
                if (answer instanceof GradeFiles.Answer.Refused) {
                    refused.incrementAndGet();
                }
                if (json) {
                    JsonAnswer.print(answer.json(opened), out);
                } else {
                    out.println(text(answer));
                    out.flush();
                }
            });
        }
        return refused.get() == 0 ? Patella.DONE : Patella.FAILED;
    }

    private Scaling scaling() {
        if (window == null) {
            return new Scaling.Refuse();
        }
        String[] ends = window.split(":", -1);
        try {
            return new Scaling.Window(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        } catch (NumberFormatException e) {
            throw new InputException("--window", "not LOW:HIGH", window, "such as --window 0:4095");
        }
    }

    private static String text(GradeFiles.Answer answer) {
        if (answer instanceof GradeFiles.Answer.Graded graded) {
            Prediction prediction = graded.prediction();
            StringBuilder text = new StringBuilder();
            text.append(String.format(Locale.ROOT, "%s: KL %d", graded.file(), prediction.grade()));
            text.append("  p(KL 0..4)");
            prediction.distribution().forEach(p -> text.append(String.format(Locale.ROOT, " %.3f", p)));
            text.append(String.format(Locale.ROOT, "  p(KL>=2) %.3f", prediction.pKlGe2()));
            Flag flag = prediction.flag();
            if (flag != null) {
                text.append(String.format("%n  do not believe it: %s, %s", flag.reason(), flag.detail()));
            }
            return text.toString();
        }
        GradeFiles.Answer.Refused refused = (GradeFiles.Answer.Refused) answer;
        return refused.file() + ": not graded: " + refused.reason() + ", " + refused.detail();
    }
}
