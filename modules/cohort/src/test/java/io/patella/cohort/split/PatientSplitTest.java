package io.patella.cohort.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PatientSplitTest {
    @Test
    void theSeedDecidesWhoGoesWhere() {
        List<Patient> patients = PatientSplitGoldenTest.patients("external_2295");
        Parts one = PatientSplit.seeded(42).assign(patients);
        assertThat(PatientSplit.seeded(42).assign(patients)).isEqualTo(one);
        assertThat(PatientSplit.seeded(43).assign(patients)).isNotEqualTo(one);
    }

    @Test
    void membersForASeedNeverChangeFromOneReleaseToTheNext() {
        Parts parts = PatientSplit.seeded(42).assign(PatientSplitGoldenTest.patients("odd_ids"));
        assertThat(parts.assignments().stream()
                        .filter(each -> each.part() == Part.TEST)
                        .map(Assignment::patientId))
                .containsExactly("12", "Patient 24", "Patient 27", "Patient 30", "Patient 33");
    }

    @Test
    void identicalPicturesUnderTwoPatientsEndInOnePart() {
        List<GradedImage> images = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            // patients 0 and 1, 2 and 3, ... share a picture in the first two hundred
            images.add(new GradedImage("a" + i, "P" + i, i % 5, i < 200 ? "same" + i / 2 : "own" + i));
        }
        Parts parts = PatientSplit.seeded(42).assign(Patient.from(images));
        Map<String, Part> partOf = parts.byPatient();
        for (int i = 0; i < 200; i += 2) {
            assertThat(partOf.get("P" + i)).isEqualTo(partOf.get("P" + (i + 1)));
        }
        assertThat(parts.linkedPatients()).isEqualTo(200);
        assertThat(parts.linkedGroups()).isEqualTo(100);
        assertThat(parts.notes()).isEmpty();
        SplitReport report = SplitReport.of(Patient.from(images), parts);
        assertThat(report.part(Part.TRAIN).patients()).isEqualTo(280);
        assertThat(report.part(Part.TEST).patients()).isEqualTo(60);
        // and they are not all swept into train
        assertThat(parts.assignments().stream()
                        .filter(each -> each.part() != Part.TRAIN
                                && Integer.parseInt(each.patientId().substring(1)) < 200))
                .hasSizeGreaterThan(20);
    }

    @Test
    void linksReachThroughOthers() {
        List<Patient> patients = Patient.from(List.of(
                new GradedImage("1", "A", 0, "x"),
                new GradedImage("2", "B", 0, "x"),
                new GradedImage("3", "B", 1, "y"),
                new GradedImage("4", "C", 0, "y"),
                new GradedImage("5", "D", 0, "")));
        assertThat(Linked.groups(patients)).extracting(List::size).containsExactly(3, 1);
    }

    @Test
    void sizesThatLinksForbidAreReportedWithTheDifference() {
        List<GradedImage> images = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            images.add(new GradedImage("a" + i, "P" + i, 0, i < 9 ? "same" : "other"));
        }
        Parts parts = PatientSplit.seeded(42).assign(Patient.from(images));
        assertThat(parts.notes())
                .containsExactly("linked patients stay together: nearest reachable sizes are train 9 instead of 7,"
                        + " validation 1 instead of 2, test 0 instead of 1");
    }

    @Test
    void aThousandLinkedPairsAndNobodyElseStillGiveTheNearestSizes() {
        List<GradedImage> images = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            images.add(new GradedImage("a" + i, "P" + i, i % 5, "pair" + i / 2));
        }
        SplitReport report =
                SplitReport.of(Patient.from(images), PatientSplit.seeded(42).assign(Patient.from(images)));
        assertThat(report.parts()).extracting(SplitReport.PartCounts::patients).containsExactly(1400, 300, 300);
    }

    @Test
    void onlyPatientsCanBePlaced() {
        for (Method method : PatientSplit.class.getDeclaredMethods()) {
            assertThat(method.toGenericString()).doesNotContain("GradedImage").doesNotContain("PlacedImage");
        }
    }

    @Test
    void anImageWithTwoGradesOrTwoPatientsIsRefused() {
        assertThatThrownBy(() ->
                        Patient.from(List.of(new GradedImage("1L", "1", 2, null), new GradedImage("1L", "1", 3, null))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("image 1L: given twice, differently: patient 1 grade 2, patient 1 grade 3");
        assertThatThrownBy(() -> PatientSplit.seeded(1).assign(List.of())).hasMessageContaining("no patients");
        Patient patient = new Patient("1", List.of(new GradedImage("1L", "1", 2, null)));
        assertThatThrownBy(() -> PatientSplit.seeded(1).assign(List.of(patient, patient)))
                .hasMessageContaining("patient given twice: 1");
    }

    @Test
    void ratiosAreThreeWeights() {
        assertThat(Ratios.parse("70,15,15")).isEqualTo(Ratios.PAPER);
        assertThat(Ratios.parse("0.7,0.15,0.15")).isEqualTo(Ratios.PAPER);
        assertThat(Ratios.parse("8,1,1")).isEqualTo(new Ratios(8, 1, 1));
        for (String bad : List.of("70,30", "a,b,c", "-1,1,1", "0,0,0", "", "1e9,1,1", "1,1,NaN")) {
            assertThatThrownBy(() -> Ratios.parse(bad))
                    .as(bad)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("not three weights for train, validation, test");
        }
    }

    @Test
    void everythingTravelsBetweenExecutors() throws IOException, ClassNotFoundException {
        List<Patient> patients = PatientSplitGoldenTest.patients("odd_ids");
        Parts parts = PatientSplit.seeded(42).assign(patients);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ArrayList<>(patients));
            out.writeObject(parts);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(patients);
            assertThat(in.readObject()).isEqualTo(parts);
        }
    }
}
