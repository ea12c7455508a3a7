package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.engine.OpenedBundle;
import io.patella.imaging.Alteration;
import io.patella.imaging.Gray8;
import io.patella.imaging.PictureBytes;
import io.patella.network.preparation.Preparation;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PictureRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RobustnessSparkTest {
    @TempDir
    Path folder;

    @Test
    void everyAlterationIsGradedAsOneOpenedBundleGradesItAndNoGradeIsWritten() throws Exception {
        Warehouse warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
        new BandCohort("bands", "p")
                .patients(0, 4, Part.TRAIN)
                .patients(4, 16, Part.VALIDATION)
                .write(warehouse);
        Path bundle = TinyBundle.write(folder, Preparation.standard(32));

        RobustnessJob.Report report = job(bundle, Part.VALIDATION).run();

        assertThat(report.images()).isEqualTo(12);
        assertThat(report.alterations())
                .extracting(RobustnessJob.Line::alteration)
                .containsExactly(java.util.Arrays.stream(Alteration.values())
                        .map(Alteration::word)
                        .toArray(String[]::new));
        assertThat(report.alterations().get(0).changed()).isZero();
        List<Gray8> pictures = warehouse.collect(PictureRow.TABLE, "bands").stream()
                .filter(row -> Integer.parseInt(row.imageId().replaceAll("\\D", "")) >= 4)
                .map(row -> PictureBytes.decode(row.bytes()))
                .toList();
        try (OpenedBundle opened = OpenedBundle.open(bundle, Device.CPU, ExecutionMode.CPU_F32, 1)) {
            for (Alteration alteration : List.of(Alteration.MIRRORED, Alteration.INVERTED, Alteration.DARKER)) {
                long changed = pictures.stream()
                        .filter(each -> grade(opened, each) != grade(opened, alteration.apply(each)))
                        .count();
                assertThat(report.alterations())
                        .filteredOn(line -> line.alteration().equals(alteration.word()))
                        .singleElement()
                        .extracting(RobustnessJob.Line::changed)
                        .as(alteration.word())
                        .isEqualTo(changed / 12.0);
            }
        }
        assertThat(warehouse.collect(GradeRow.TABLE, "bands")).isEmpty();
        assertThat(report.text()).contains("left and right exchanged").contains("12 images of 12 patients");
    }

    @Test
    void aPartWithoutPicturesIsRefused() throws Exception {
        Warehouse warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
        new BandCohort("bands", "p").patients(0, 4, Part.TRAIN).write(warehouse);
        Path bundle = TinyBundle.write(folder, Preparation.standard(32));
        assertThatThrownBy(() -> job(bundle, Part.TEST).run())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no picture with a reference grade: test");
    }

    private static int grade(OpenedBundle bundle, Gray8 picture) {
        return bundle.grade(List.of(picture)).get(0).grade();
    }

    private static RobustnessJob job(Path bundle, Part part) {
        return new RobustnessJob(
                new RobustnessJob.Request(bundle, "bands", "patella", part, ExecutionMode.CPU_F32, 4),
                new PrintWriter(new StringWriter()));
    }
}
