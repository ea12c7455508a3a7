package io.patella.jobs.cli;

import io.patella.jobs.conf.StudyConf;
import io.patella.jobs.job.StudyJob;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    private ConfOptions conf;

    @Mixin
    private AnswerOptions answer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        StudyConf read = conf.read(StudyConf.class);
        StudyJob.demand(study, read, conf.file());
        StudyJob.Outcome outcome = new StudyJob(
                        read,
                        conf.file(),
                        Places.warehouse(),
                        spec.commandLine().getErr())
                .run();
        answer.printJson(outcome::json);
        return outcome.table() == null ? Patella.INTERRUPTED : Patella.DONE;
    }
}
