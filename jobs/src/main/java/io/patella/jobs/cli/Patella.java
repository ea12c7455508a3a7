package io.patella.jobs.cli;

import io.patella.cohort.InputException;
import io.patella.engine.training.TrainingException;
import io.patella.jobs.job.JobRun;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code patella} command: names every subcommand and turns their outcomes into exit codes. */
@Command(
        name = "patella",
        version = "patella 0.1.0",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Grades knee osteoarthritis on radiographs at the scale of cohorts, and proves how well.",
        footer = {"", "Exit codes: 0 done, 1 failed, 2 bad input or usage, 3 a gate was not met, 130 interrupted."},
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            FinetuneCommand.class,
            EnsembleCommand.class,
            StudyCommand.class,
            GradeCommand.class,
            PhantomCommand.class,
            IngestCommand.class,
            SplitCommand.class,
            ConsensusCommand.class,
            AuditCommand.class,
            AuditPaperCommand.class,
            ForwardCommand.class,
            PrepareCommand.class,
            WeightsCommand.class,
            ReportCommand.class,
            QueryCommand.class,
            ExportCommand.class,
            EvaluateCommand.class,
            RobustnessCommand.class,
            CompareCommand.class,
            AgreementCommand.class,
            TuneCutpointsCommand.class,
            DoctorCommand.class
        })
public final class Patella implements Runnable {
    /** Done. */
    public static final int DONE = 0;

    /** Something failed that is not the user's mistake. */
    public static final int FAILED = 1;

    /** Bad input or usage. */
    public static final int BAD_INPUT = 2;

    /** A gate was not met. */
    public static final int GATE_NOT_MET = 3;

    /** Interrupted; what was done is saved. */
    public static final int INTERRUPTED = JobRun.INTERRUPTED;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "patella: which command? (patella --help lists them)");
    }

    /** The command line with its error handling; tests call it as the launcher does. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Patella());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(onError());
        return line;
    }

    private static IExecutionExceptionHandler onError() {
        return (failure, line, parsed) -> {
            boolean mistake = failure instanceof InputException;
            boolean foreseen = failure instanceof TrainingException || failure instanceof UncheckedIOException;
            if (mistake) {
                line.getErr().println(failure.getMessage());
            } else if (foreseen) { // the loss is no number, the disk is full: not the input's mistake, nor Patella's
                line.getErr().println("patella: " + failure.getMessage());
            } else {
                line.getErr().println("patella: this is a bug in Patella, not in your input: " + failure);
            }
            if ((!mistake && !foreseen) || "1".equals(System.getenv("PATELLA_STACKTRACE"))) {
                failure.printStackTrace(line.getErr());
            }
            return mistake ? BAD_INPUT : FAILED;
        };
    }

    /** Entry point of the launcher. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }
}
