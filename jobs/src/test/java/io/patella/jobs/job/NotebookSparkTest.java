package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notebook runs from top to bottom on a small warehouse and draws its picture, where Jupyter is installed. */
class NotebookSparkTest {
    private static final int NOT_INSTALLED = 77;

    @TempDir
    Path folder;

    @Test
    void prevalenceIsDrawnFromTheTables() throws Exception {
        Path warehouse = folder.resolve("warehouse");
        fill(Warehouse.open(LocalSpark.session(warehouse)));
        Path notebooks = Path.of(System.getProperty("patella.root"), "notebooks");
        Path out = folder.resolve("out.ipynb");
        Path log = folder.resolve("log.txt");
        ProcessBuilder python = new ProcessBuilder(
                        "python3",
                        notebooks.resolve("execute.py").toString(),
                        notebooks.resolve("prevalence.ipynb").toString(),
                        out.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        python.environment().put("PATELLA_WAREHOUSE", warehouse.toString());
        Process process;
        try {
            process = python.start();
        } catch (IOException e) {
            Assumptions.abort("python3 is not installed: " + e.getMessage());
            return;
        }
        assertThat(process.waitFor(6, TimeUnit.MINUTES)).as("the notebook ends").isTrue();
        Assumptions.assumeTrue(process.exitValue() != NOT_INSTALLED, Files.readString(log));
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(out))
                .contains("image/png", "40 knees of 20 patients", "north", "south")
                .doesNotContain("\"output_type\": \"error\"");
    }

    private static void fill(Warehouse warehouse) {
        List<RadiographRow> radiographs = new ArrayList<>();
        List<ReferenceGradeRow> references = new ArrayList<>();
        List<GradeRow> grades = new ArrayList<>();
        List<PartRow> parts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String patient = "p" + i / 2;
            Laterality side = i % 2 == 0 ? Laterality.LEFT : Laterality.RIGHT;
            String hospital = i < 20 ? "north" : "south";
            radiographs.add(new RadiographRow(
                    "c",
                    "i" + i,
                    patient,
                    side,
                    null,
                    hospital,
                    "file:/i" + i,
                    "s",
                    "x" + i,
                    9,
                    9,
                    8,
                    null,
                    null,
                    false,
                    false,
                    false,
                    "r",
                    Instant.EPOCH));
            references.add(new ReferenceGradeRow("c", "i" + i, i % 5, "single", List.of("A"), "r"));
            grades.add(new GradeRow(
                    "c",
                    "i" + i,
                    "m",
                    "p",
                    null,
                    null,
                    null,
                    i % 4,
                    GradeRow.FULL_SCALE,
                    null,
                    "cpu-f32",
                    "r",
                    Instant.EPOCH));
            if (i % 2 == 0) {
                parts.add(new PartRow("c", PartRow.DEFAULT_SPLIT, patient, 1, i < 8 ? Part.TRAIN : Part.TEST, "r"));
            }
        }
        warehouse.append(RadiographRow.TABLE, radiographs);
        warehouse.append(ReferenceGradeRow.TABLE, references);
        warehouse.append(GradeRow.TABLE, grades);
        warehouse.append(PartRow.TABLE, parts);
    }
}
