package io.patella.jobs.cli;

import io.patella.jobs.files.AuditPaper;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code patella audit-paper}: a paper's figures held against each other. */
@Command(
        name = "audit-paper",
        description =
                "Holds a paper's printed figures against each other, against any integer confusion matrix and against"
                        + " any split by patient; every finding comes with its arithmetic.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class AuditPaperCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = AuditPaper.FILE,
            description = "What the paper prints; conf/audit-paper/ holds two examples with every key.")
    private Path claims;

    @Option(names = "--out", paramLabel = "F.md", description = "Also write the findings there, as Markdown.")
    private @Nullable Path out;

    @Mixin
    private AnswerOptions output;

    @Override
    public Integer call() {
        AuditPaper.Answer answer = AuditPaper.run(claims);
        if (out != null) {
            AuditPaper.write(answer.markdown(), out);
        }
        output.print(() -> answer, answer::markdown);
        return Patella.DONE;
    }
}
