package io.patella.jobs.cli;

import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.files.PhantomFiles;
import io.patella.jobs.files.PhantomFiles.Plan;
import io.patella.jobs.files.PhantomFiles.Written;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella phantom}: drawn knees as files, in the layouts that {@code ingest} reads. */
@Command(
        name = "phantom",
        mixinStandardHelpOptions = true,
        description = "Writes drawn knees of two hospitals as files: for trying Patella, never for results.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class PhantomCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "A new or empty folder.")
    private Path out;

    @Option(
            names = "--patients",
            paramLabel = "N",
            defaultValue = "200",
            description = "Patients of hospital A, two knees each (default ${DEFAULT-VALUE}).")
    private int patients;

    @Option(
            names = "--second-patients",
            paramLabel = "N",
            defaultValue = "60",
            description = "Patients of hospital B, read by two readers; 0 for none (default ${DEFAULT-VALUE}).")
    private int secondPatients;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "42",
            description = "Decides every picture (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            defaultValue = "224",
            description = "Width of hospital A's pictures (default ${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--part-folders", description = "Put hospital A's knees into folders train, val and test.")
    private boolean partFolders;

    @Option(names = "--no-broken-files", description = "Leave out the files that are meant to be refused.")
    private boolean noBrokenFiles;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Written written =
                PhantomFiles.write(out, new Plan(patients, secondPatients, seed, size, partFolders, !noBrokenFiles));
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            JsonAnswer.print(written, print);
            return Patella.DONE;
        }
        print.printf(
                "hospital-a  %d knees of %d patients, grades 0..4: %s, and %d files meant to be refused or noticed%n",
                written.hospitalAFiles(), patients, written.grades(), written.brokenFiles());
        if (secondPatients > 0) {
            print.printf(
                    "hospital-b  %d pictures of %d patients, read by two readers who differ in %d%n",
                    written.hospitalBPictures(), secondPatients, written.readersDiffer());
        }
        print.printf("next: patella ingest --cohort hospital-a %s%n", out.resolve("hospital-a"));
        print.flush();
        return Patella.DONE;
    }
}
