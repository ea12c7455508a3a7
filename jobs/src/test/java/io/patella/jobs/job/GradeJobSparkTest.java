package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.engine.ExecutionMode;
import io.patella.imaging.Decoded;
import io.patella.imaging.Decoder;
import io.patella.imaging.PngWriter;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.ReferenceGradeRow;
import io.patella.tables.row.RunRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradeJobSparkTest {
    private static final int STRIPES = 11;

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private Warehouse warehouse;
    private Path bundle;

    @BeforeEach
    void aCohortOfStripesAndOneBlank() throws IOException {
        warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
        bundle = TinyBundle.writeKnowingStripes(folder);
        List<PictureRow> rows = new ArrayList<>();
        List<ReferenceGradeRow> references = new ArrayList<>();
        for (int i = 0; i <= STRIPES; i++) {
            byte[] png = PngWriter.write(i == STRIPES ? TinyBundle.blank() : TinyBundle.stripes(1000 + i));
            rows.add(new PictureRow("c", "i" + i, PictureRow.PNG, 70, 64, png));
            references.add(new ReferenceGradeRow("c", "i" + i, i % 4, "single", List.of("A"), "r"));
        }
        warehouse.append(PictureRow.TABLE, rows);
        warehouse.append(ReferenceGradeRow.TABLE, references);
    }

    private GradeJob.Outcome grade(ExecutionMode mode, Path heatmaps, int sample) {
        return new GradeJob(
                        new GradeJob.Request(
                                bundle.toString(),
                                "c",
                                "patella",
                                null,
                                mode,
                                4,
                                heatmaps == null ? null : heatmaps.toString(),
                                sample),
                        new PrintWriter(log))
                .run();
    }

    @Test
    void aReducedPrecisionIsMeasuredAndTheBlankIsFlagged() {
        GradeJob.Outcome outcome = grade(ExecutionMode.CPU_BF16, null, 1);
        assertThat(outcome.graded()).isEqualTo(STRIPES + 1);
        assertThat(outcome.precision().images()).isEqualTo(STRIPES + 1);
        assertThat(outcome.precision().largest()).isBetween(1e-7, 0.05);
        List<GradeRow> rows = warehouse.collect(GradeRow.TABLE, "c");
        assertThat(rows)
                .filteredOn(each -> each.imageId().equals("i" + STRIPES))
                .extracting(GradeRow::flag)
                .containsExactly("BLANK");
        assertThat(rows).allSatisfy(each -> assertThat(each.atypicality()).isPositive());
        assertThat(outcome.flagged())
                .isEqualTo(rows.stream().filter(each -> each.flag() != null).count());
        RunRow run = warehouse.collect(RunRow.TABLE, "c").get(0);
        double limit = outcome.precision().largest();
        List<Double> cutpoints = List.of(0.45, 0.48, 0.5, 0.52);
        long near = rows.stream()
                .filter(row -> Stream.of(0, 1, 2, 3)
                        .anyMatch(k -> Math.abs(row.ordinal().get(k) - cutpoints.get(k)) <= limit))
                .count();
        assertThat(run.counts())
                .containsEntry("flagged", outcome.flagged())
                .containsEntry("precision_sample", STRIPES + 1L)
                .containsEntry("precision_near_a_cutpoint", near)
                .containsKeys("precision_largest_millionths", "precision_changed_in_sample");
        assertThat(log.toString()).contains("in float32 too: probabilities differ by");
    }

    @Test
    void heatmapsOfASampleHaveEveryGradeAndEveryStream() throws IOException {
        Path maps = folder.resolve("maps");
        GradeJob.Outcome outcome = grade(ExecutionMode.CPU_F32, maps, 4);
        assertThat(outcome.precision()).isNull();
        List<String> files;
        try (Stream<Path> all = Files.list(maps)) {
            files = all.map(each -> each.getFileName().toString()).sorted().toList();
        }
        assertThat(outcome.heatmaps()).isEqualTo(12);
        List<String> images = files.stream()
                .filter(each -> !each.contains("-"))
                .map(each -> each.substring(1, each.length() - 4))
                .toList();
        assertThat(images.stream().map(each -> Integer.parseInt(each) % 4))
                .as("one of each reference grade")
                .containsExactlyInAnyOrder(0, 1, 2, 3);
        for (String image : images) {
            assertThat(files).contains("i" + image + "-left.png", "i" + image + "-right.png");
        }
        Decoded.Picture one = (Decoded.Picture) Decoder.strict().decode(Files.readAllBytes(maps.resolve(files.get(0))));
        assertThat(List.of(one.pixels().width(), one.pixels().height())).containsExactly(224, 224);
        assertThat(grade(ExecutionMode.CPU_F32, folder.resolve("again"), 4).graded())
                .as("a second call grades nothing and draws again")
                .isZero();
        assertThat(folder.resolve("again").resolve(files.get(0))).hasSameBinaryContentAs(maps.resolve(files.get(0)));
    }
}
