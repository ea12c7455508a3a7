package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.training.Example;
import io.patella.engine.training.PictureCache;
import io.patella.network.preparation.Preparation;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledCohortSparkTest {
    @TempDir
    Path folder;

    private Warehouse warehouse() {
        return Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
    }

    @Test
    void theTestPartIsKnownByPatientsAndHashesOnly() {
        Warehouse warehouse = warehouse();
        own().patients(6, 8, Part.TEST)
                .twin(8, "xp7", Part.TEST)
                .place("another", 9, Part.TRAIN)
                .write(warehouse);

        LabelledCohort cohort = LabelledCohort.read(warehouse, "own", "patella");
        assertThat(cohort.heldOut()).containsExactly("p6", "p7", "p8");
        assertThat(cohort.heldOutPictures().keySet()).containsExactly("xp6", "xp7");
        assertThat(cohort.set().train())
                .extracting(Example::imageId, Example::patientId, Example::grade, Example::pixelSha256)
                .first()
                .hasToString("(\"p0L\", \"p0\", 0, \"xp0\")");
        assertThat(cohort.set().train()).hasSize(4);
        assertThat(cohort.set().validation()).extracting(Example::imageId).containsExactly("p4L", "p5L");
        assertThatThrownBy(() -> LabelledCohort.read(warehouse, "own", "none"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no split of this name");
    }

    @Test
    void whatTheTestPartHoldsIsNotLearnedFrom() {
        Warehouse warehouse = warehouse();
        own().patients(6, 8, Part.TEST).twin(8, "xp6", Part.TRAIN).write(warehouse);
        assertThatThrownBy(
                        () -> LabelledCohort.read(warehouse, "own", "patella").set())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 pictures to learn from or choose by are in the test part of patella too")
                .hasMessageContaining("p8L");
    }

    @Test
    void aPatientWithoutAGradeIsHeldOutAllTheSame() {
        Warehouse warehouse = warehouse();
        own().patients(6, 8, Part.TEST).write(warehouse);
        warehouse.replace(
                ReferenceGradeRow.TABLE,
                functions.col("cohort").equalTo("own"),
                warehouse
                        .read(ReferenceGradeRow.TABLE, "own")
                        .where(functions.col("image_id").notEqual("p7L")));
        LabelledCohort cohort = LabelledCohort.read(warehouse, "own", "patella");
        assertThat(cohort.heldOut()).containsExactly("p6", "p7");
        assertThat(cohort.heldOutPictures().keySet()).containsExactly("xp6", "xp7");
    }

    @Test
    void aPatientInTwoPartsOfASplitIsRefused() {
        Warehouse warehouse = warehouse();
        own().place("patella", 1, Part.TEST).write(warehouse);
        assertThatThrownBy(() -> LabelledCohort.read(warehouse, "own", "patella"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("patient is in parts")
                .hasMessageContaining("p1");
    }

    @Test
    void aMissingPictureIsSaidBeforeSquaresAreKept() throws IOException {
        Warehouse warehouse = warehouse();
        new BandCohort("own", "p").patients(0, 6, Part.TRAIN).write(warehouse);
        warehouse.replace(
                PictureRow.TABLE,
                functions.col("cohort").equalTo("own"),
                warehouse
                        .read(PictureRow.TABLE, "own")
                        .where(functions.col("image_id").notEqual("p3L")));
        assertThatThrownBy(() -> squares(warehouse))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 of 6 pictures")
                .hasMessageContaining("p3L");
        assertThat(caches()).isZero();
    }

    @Test
    void squaresAreMadeOnceWhateverElseIsIngested() throws IOException {
        Warehouse warehouse = warehouse();
        new BandCohort("own", "p").patients(0, 6, Part.TRAIN).write(warehouse);
        assertThat(squares(warehouse)).isEqualTo(6);
        new BandCohort("other", "q").patients(0, 6, Part.TRAIN).write(warehouse);
        assertThat(squares(warehouse)).isEqualTo(6);
        assertThat(caches()).isEqualTo(1);
        new BandCohort("own", "p").patients(6, 8, Part.VALIDATION).write(warehouse);
        assertThat(squares(warehouse)).isEqualTo(8);
        assertThat(caches()).isEqualTo(2);
    }

    private static BandCohort own() {
        return new BandCohort("own", "p").patients(0, 4, Part.TRAIN).patients(4, 6, Part.VALIDATION);
    }

    private int squares(Warehouse warehouse) {
        try (PictureCache squares = LabelledCohort.read(warehouse, "own", "patella")
                .squares(folder.resolve("squares"), Preparation.standard(32))) {
            return squares.size();
        }
    }

    private long caches() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("squares"))) {
            return files.count();
        }
    }
}
