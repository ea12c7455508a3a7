package io.patella.jobs.cli;

import io.patella.jobs.job.Doctor;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code patella doctor}. */
@Command(
        name = "doctor",
        description = "Looks at Java, memory, native libraries, warehouse and catalog; says what would not work.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private AnswerOptions answer;

    @Override
    public Integer call() {
        Doctor.Report report = Doctor.look();
        answer.print(() -> report, report::text);
        return report.isHealthy() ? Patella.DONE : Patella.FAILED;
    }
}
