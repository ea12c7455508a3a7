package io.patella.jobs.cli;

import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.StudyConf;
import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.job.StudyJob;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code patella study tta|ablation|labels|kfold|table5 --conf F}. */
@Command(
        name = "study",
        description = "Trains, grades and evaluates the models of a study; writes its table as CSV and Markdown.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "  patella study ablation --conf conf/study/phantom-ablation.yaml",
            "",
            "The report takes the tables of the warehouse's folder studies. Ctrl-C saves; the same command goes on."
        })
@SuppressWarnings("NullAway.Init") // picocli injects
final class StudyCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "STUDY",
            description =
                    "tta: test-time views; ablation: parts of the network; labels: how many labels; kfold: cross-validation by"
                            + " patient; table5: internal, external, fine-tuned.")
    private String study;

    @Option(
            names = "--conf",
            required = true,
            paramLabel = "FILE",
            description = "Such as conf/study/phantom-tta.yaml.")
    private Path conf;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of the file; may be repeated.")
    private List<String> overrides = List.of();

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        StudyConf read = Conf.read(conf, StudyConf.class, overrides);
        StudyJob.demand(study, read, conf);
        StudyJob.Outcome outcome =
                new StudyJob(read, conf, Places.warehouse(), spec.commandLine().getErr()).run();
        if (json) {
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("table", outcome.table() == null ? null : outcome.table().toString());
            answer.put("lines", outcome.lines());
            JsonAnswer.print(answer, spec.commandLine().getOut());
        }
        return outcome.table() == null ? Patella.INTERRUPTED : Patella.DONE;
    }
}
