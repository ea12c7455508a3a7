package io.patella.cohort.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitReportTest {
    private static final SplitReport LEAKING = SplitReport.of(List.of(
            placed("7L", "P7", 0, "a", Part.TRAIN),
            placed("7R", "P7", 2, "b", Part.TEST),
            placed("8L", "P8", 1, "c", Part.TRAIN),
            placed("9L", "P9", 1, "c", Part.VALIDATION)));

    @Test
    void aStraddlingPatientIsNamedWithItsTwoParts() {
        assertThatThrownBy(LEAKING::demandByPatient)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("split: patient P7 is in train and in test (");
    }

    @Test
    void identicalPicturesInTwoPartsAreNamedWithTheirPatients() {
        assertThatThrownBy(LEAKING::demandByPatient)
                .hasMessageContaining(
                        "pictures 8L, 9L are identical and are in train and in validation (patients P8, P9)");
    }

    @Test
    void countsArePerPartStratumAndGrade() {
        SplitReport.PartCounts train = LEAKING.part(Part.TRAIN);
        assertThat(train.patients()).isEqualTo(2);
        assertThat(train.images()).isEqualTo(2);
        assertThat(train.imagesPerGrade()).containsExactly(1, 1, 0, 0, 0);
        // P7's stratum is its highest grade in the cohort, in whichever part it stands
        assertThat(train.patientsPerStratum()).containsExactly(0, 1, 1, 0, 0);
    }

    @Test
    void manyLeaksAreCountedAndTenAreNamed() {
        List<PlacedImage> images = new java.util.ArrayList<>();
        for (int i = 10; i < 40; i++) {
            images.add(placed(i + "L", "P" + i, 0, null, Part.TRAIN));
            images.add(placed(i + "R", "P" + i, 0, null, Part.TEST));
        }
        assertThatThrownBy(() -> SplitReport.of(images).demandByPatient())
                .hasMessageContaining("patient P19 ")
                .hasMessageNotContaining("patient P20 ")
                .hasMessageEndingWith("... and 20 more");
    }

    @Test
    void thePublishedPartsOfTheInternalCohortAreByPatient() throws IOException {
        Path index = Path.of(System.getProperty("patella.root", "."), "..", "shared", "data", "oai", "index.csv");
        assumeTrue(Files.exists(index), "the radiographs' index is not beside this checkout: " + index);
        List<PlacedImage> images = Files.readAllLines(index).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .map(row ->
                        placed(row[3] + row[4], row[3], Integer.parseInt(row[2]), row[7], Part.parse(row[1], "index")))
                .toList();
        SplitReport report = SplitReport.of(images).demandByPatient();
        assertThat(report.part(Part.TRAIN).patients()).isEqualTo(2889);
        assertThat(report.part(Part.TRAIN).images()).isEqualTo(5778);
        assertThat(report.part(Part.VALIDATION).imagesPerGrade()).containsExactly(328, 153, 212, 106, 27);
    }

    private static PlacedImage placed(
            String image, String patient, int grade, @org.jspecify.annotations.Nullable String hash, Part part) {
        return new PlacedImage(new GradedImage(image, patient, grade, hash), part);
    }
}
