package io.patella.jobs.cli;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella demo}: the whole way of the data on drawn phantoms, each station by its own command, ending with a report. */
@Command(
        name = "demo",
        description = "Runs the whole way of the data on a cohort of drawn phantoms; ends with the path of a report.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class DemoCommand implements Callable<Integer> {
    private static final String MARK = ".patella-demo";

    @Option(names = "--patients", description = "Patients of the first hospital. Default: ${DEFAULT-VALUE}.")
    private int patients = 300;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter log = spec.commandLine().getErr();
        long start = System.nanoTime();
        Path warehouse = Places.warehouse(); // the launcher points it into the demo's folder
        Path folder = Objects.requireNonNull(warehouse.getParent(), "a warehouse lies in a folder");
        log.println("patella demo: phantoms, not patients; everything goes to " + folder);
        log.flush();
        clear(folder);
        String phantoms = folder.resolve("phantoms").toString();
        Path report = folder.resolve("report.html");
        String bundle = warehouse.resolve("models").resolve("phantom-small").toString();
        String conf = Places.root()
                .resolve("conf")
                .resolve("train")
                .resolve("phantom-small.yaml")
                .toString();
        List<Supplier<List<String>>> way = List.of(
                () -> List.of(
                        "phantom",
                        "--out",
                        phantoms,
                        "--patients",
                        Integer.toString(patients),
                        "--second-patients",
                        "60"),
                () -> List.of("ingest", "--cohort", "phantom-a", phantoms + "/hospital-a"),
                () -> List.of("ingest", "--cohort", "phantom-b", phantoms + "/hospital-b"),
                () -> List.of("consensus", "--cohort", "phantom-a", "--protocol", "single"),
                () -> List.of("consensus", "--cohort", "phantom-b", "--protocol", "unanimous"),
                () -> List.of("split", "--cohort", "phantom-a"),
                () -> List.of("train", "--conf", conf),
                () -> List.of("grade", "--bundle", bundle, "--cohort", "phantom-a", "--part", "test"),
                () -> List.of("grade", "--bundle", bundle, "--cohort", "phantom-b"),
                () -> List.of("evaluate", "--cohort", "phantom-a", "--part", "test"),
                () -> List.of("evaluate", "--cohort", "phantom-b", "--part", "all"),
                () -> List.of("report", "--cohort", "phantom-a", "--cohort", "phantom-b", "--out", report.toString()),
                // what the shipped grader says to drawings, which are no radiographs
                () -> gradingOneOfEachGrade(Path.of(phantoms, "hospital-a")));
        for (int i = 0; i < way.size(); i++) {
            List<String> step = way.get(i).get();
            log.println();
            log.println("== " + (i + 1) + "/" + way.size() + "  patella " + String.join(" ", step));
            log.flush();
            CommandLine line = Patella.commandLine();
            line.setErr(log);
            line.setOut(log);
            int code = line.execute(step.toArray(new String[0]));
            if (code != Patella.DONE) {
                log.println("patella demo: stopped, the command above ended with " + code);
                log.flush();
                return code;
            }
        }
        log.println();
        log.println(String.format(
                Locale.ROOT,
                "patella demo: done in %.0f s. The tables lie in %s; ask them with PATELLA_WAREHOUSE=%s ./patella query \"show tables\"",
                (System.nanoTime() - start) / 1e9,
                warehouse,
                warehouse));
        log.flush();
        spec.commandLine().getOut().println(report);
        spec.commandLine().getOut().flush();
        return Patella.DONE;
    }

    private static List<String> gradingOneOfEachGrade(Path hospital) {
        List<String> command = new ArrayList<>(List.of("grade"));
        for (int grade = 0; grade < Grade.COUNT; grade++) {
            try (Stream<Path> knees = Files.list(hospital.resolve(Integer.toString(grade)))) {
                knees.map(Path::toString)
                        .filter(each -> each.endsWith("L.png"))
                        .sorted()
                        .findFirst()
                        .ifPresent(command::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list the phantoms", e);
            }
        }
        return command;
    }

    /** An earlier demo is removed; anything else in its place is not touched. */
    private static void clear(Path folder) throws IOException {
        if (Files.isDirectory(folder) && !Files.exists(folder.resolve(MARK))) {
            try (Stream<Path> there = Files.list(folder)) {
                if (there.findAny().isPresent()) {
                    throw new InputException(
                            folder.toString(),
                            "is not empty and no earlier demo",
                            folder.getFileName(),
                            "move it away");
                }
            }
        }
        if (Files.isDirectory(folder)) {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        Files.createDirectories(folder);
        Files.createFile(folder.resolve(MARK));
    }
}
