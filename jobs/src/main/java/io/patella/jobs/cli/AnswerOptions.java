package io.patella.jobs.cli;

import io.patella.jobs.files.JsonAnswer;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --json}, and how a command answers: one JSON object, or text for a terminal. */
final class AnswerOptions {
    @Option(names = "--json", description = "Answer with one JSON object.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects
    private CommandSpec spec;

    /** Whether the answer is for a program. */
    boolean isJson() {
        return json;
    }

    /** Prints the answer where a program asked for one; people have read the log. */
    void printJson(Supplier<?> object) {
        if (json) {
            JsonAnswer.print(object.get(), spec.commandLine().getOut());
        }
    }

    /** Prints the answer that was asked for to standard output. */
    void print(Supplier<?> object, Supplier<String> text) {
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            JsonAnswer.print(object.get(), to);
        } else {
            to.print(text.get());
            to.flush();
        }
    }
}
