package io.patella.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.engine.ExecutionMode;
import io.patella.imaging.Gray8;
import io.patella.imaging.PngWriter;
import io.patella.imaging.phantom.Hospital;
import io.patella.imaging.phantom.PhantomCohort;
import io.patella.imaging.phantom.PhantomKnee;
import io.patella.jobs.Launcher;
import io.patella.jobs.job.GradeJob;
import io.patella.jobs.job.TinyBundle;
import io.patella.network.preparation.Preparation;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PictureRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with {@code --master} against a master and two workers, beside the same job in local mode. */
@Tag("launcher")
class StandaloneClusterTest {
    private static final int SIDE = 96;

    @TempDir
    Path dir;

    @Test
    void aClusterIngestsPhantomsAndGivesEachTheGradeThatLocalModeGives() throws Exception {
        Launcher.assumeBuilt();
        Path warehouse = dir.resolve("warehouse");
        Path bundle = TinyBundle.write(dir, Preparation.standard(64));
        Warehouse tables = Warehouse.open(LocalSpark.session(warehouse));
        List<PictureRow> phantoms = phantoms("local");
        tables.append(PictureRow.TABLE, phantoms);
        for (PictureRow phantom : phantoms) {
            Path file = dir.resolve("phantoms/2/" + phantom.imageId() + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, phantom.bytes());
        }

        new GradeJob(
                        new GradeJob.Request(
                                bundle.toString(), "local", "patella", null, ExecutionMode.CPU_F32_STRICT, 8),
                        new PrintWriter(new StringWriter()))
                .run();
        try (StandaloneCluster cluster = StandaloneCluster.start(Launcher.ROOT.resolve("dist"), dir, 2)) {
            patella(
                    warehouse,
                    "--master",
                    cluster.url(),
                    "ingest",
                    "--cohort",
                    "clustered",
                    dir.resolve("phantoms").toString());
            assertThat(tables.collect(PictureRow.TABLE, "clustered"))
                    .as("pictures that executors wrote")
                    .containsExactlyInAnyOrderElementsOf(phantoms("clustered"));
            String said = patella(
                    warehouse,
                    "--master",
                    cluster.url(),
                    "grade",
                    "--bundle",
                    bundle.toString(),
                    "--cohort",
                    "clustered",
                    "--mode",
                    "cpu-f32-strict");
            assertThat(said).contains("24 of 24 pictures to grade");
            assertThat(cluster.executors(1)).as("executors of worker 1").isPositive();
            assertThat(cluster.executors(2)).as("executors of worker 2").isPositive();
        }

        Map<String, GradeRow> local = grades(tables, "local");
        Map<String, GradeRow> clustered = grades(tables, "clustered");
        assertThat(clustered).hasSize(24).containsOnlyKeys(local.keySet());
        clustered.forEach((image, row) -> {
            GradeRow expected = local.get(image);
            assertThat(row.ordinal()).as(image).isEqualTo(expected.ordinal());
            assertThat(row.distribution()).as(image).isEqualTo(expected.distribution());
            assertThat(row.grade()).as(image).isEqualTo(expected.grade());
            assertThat(row.model()).isEqualTo(expected.model());
            assertThat(row.preparation()).isEqualTo(expected.preparation());
        });
    }

    private static Map<String, GradeRow> grades(Warehouse tables, String cohort) {
        return tables.collect(GradeRow.TABLE, cohort).stream()
                .collect(Collectors.toMap(GradeRow::imageId, Function.identity()));
    }

    private static List<PictureRow> phantoms(String cohort) {
        List<PictureRow> rows = new ArrayList<>();
        for (PhantomKnee knee : PhantomCohort.draw(12, 1, 5).knees()) {
            Gray8 picture = Hospital.A.photograph(knee, SIDE);
            rows.add(new PictureRow(
                    cohort,
                    knee.imageId(),
                    PictureRow.PNG,
                    picture.width(),
                    picture.height(),
                    PngWriter.write(picture)));
        }
        return rows;
    }

    private static String patella(Path warehouse, String... arguments) throws Exception {
        Process process = Launcher.command(warehouse, arguments).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended").isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
