package io.patella.jobs.cli;

import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.job.Doctor;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella doctor}. */
@Command(
        name = "doctor",
        description = "Looks at Java, memory, native libraries, warehouse and catalog; says what would not work.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Doctor.Report report = Doctor.look();
        if (json) {
            JsonAnswer.print(report, spec.commandLine().getOut());
        } else {
            spec.commandLine().getOut().print(report.text());
            spec.commandLine().getOut().flush();
        }
        return report.isHealthy() ? Patella.DONE : Patella.FAILED;
    }
}
