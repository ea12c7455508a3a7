package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.cohort.Part;
import io.patella.jobs.Launcher;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.RunRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training that is asked to end, as the process hears it: by SIGTERM, as a scheduler asks. Ctrl-C (SIGINT) goes the same way, but a
 * process whose parent was started in the background of a shell ignores it, tests among them.
 */
@Tag("launcher")
class InterruptedTrainingTest {
    /** Enough of them that the signal comes before the end. */
    private static final int EPOCHS = 30;

    @TempDir
    Path folder;

    @Test
    void aSignalSavesSaysHowToGoOnAndTheSameCommandGoesOn() throws Exception {
        Launcher.assumeBuilt();
        Path warehouse = folder.resolve("warehouse");
        Warehouse tables = Warehouse.open(LocalSpark.session(warehouse));
        new BandCohort("own", "p")
                .patients(0, 40, Part.TRAIN)
                .patients(40, 60, Part.VALIDATION)
                .write(tables);

        Process first = train(warehouse);
        BufferedReader said = first.inputReader();
        List<String> lines = new ArrayList<>();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            lines.add(line);
            if (line.contains("epoch 2/")) {
                first.toHandle().destroy(); // SIGTERM; destroy() of a process also closes its streams
                break;
            }
        }
        said.lines().forEach(lines::add);
        assertThat(first.waitFor(2, TimeUnit.MINUTES)).as("ended").isTrue();
        assertThat(first.exitValue()).as(String.join("\n", lines)).isEqualTo(130);
        assertThat(String.join("\n", lines))
                .contains("the same command goes on")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
        assertThat(tables.collect(RunRow.TABLE, tables.read(RunRow.TABLE)))
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.outcome()).isEqualTo(RunRow.FAILED);
                    assertThat(run.message()).startsWith("interrupted: saved in ");
                });

        Process second = train(warehouse);
        String rest = new String(second.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(second.waitFor(2, TimeUnit.MINUTES)).as("ended").isTrue();
        assertThat(second.exitValue()).as(rest).isZero();
        assertThat(rest)
                .contains("going on behind epoch ")
                .contains("epoch " + EPOCHS + ":")
                .doesNotContain("epoch 1:");
        assertThat(warehouse.resolve("models").resolve("stopped").resolve("bundle.json"))
                .exists();
    }

    private static Process train(Path warehouse) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--conf",
                Launcher.ROOT.resolve("conf/train/phantom-small.yaml").toString()));
        List<String> overrides = new ArrayList<>(TinyTraining.TINY);
        overrides.addAll(List.of(
                "cohort=own", "name=stopped", "recipe.epochs=" + EPOCHS, "recipe.patience=" + EPOCHS, "threads=1"));
        overrides.forEach(each -> arguments.addAll(List.of("--set", each)));
        return Launcher.command(warehouse, arguments.toArray(String[]::new)).start();
    }
}
