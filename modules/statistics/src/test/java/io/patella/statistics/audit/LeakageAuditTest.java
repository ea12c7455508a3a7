package io.patella.statistics.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.cohort.Part;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.Patient;
import io.patella.cohort.split.PatientSplit;
import io.patella.cohort.split.PlacedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeakageAuditTest {
    @Test
    void aSplitByPatientIsRecognised() {
        List<GradedImage> images = pairs();
        List<Patient> patients = Patient.from(images);
        LeakageAudit audit = audit(PatientSplit.seeded(42).assign(patients).place(patients));
        assertThat(audit.madeBy()).isEqualTo(LeakageAudit.MadeBy.PATIENT);
        assertThat(audit.report().isByPatient()).isTrue();
        // two pictures stay together with probability 0.7^2 + 0.15^2 + 0.15^2 = 0.535
        assertThat(audit.straddlingExpected()).isBetween(0.45 * 300, 0.48 * 300);
    }

    @Test
    void aSplitByImageIsRecognisedInSomebodysTable() {
        Random random = new Random(1);
        List<PlacedImage> placed = pairs().stream()
                .map(image -> {
                    double u = random.nextDouble();
                    return new PlacedImage(image, u < 0.7 ? Part.TRAIN : u < 0.85 ? Part.VALIDATION : Part.TEST);
                })
                .toList();
        LeakageAudit audit = audit(placed);
        assertThat(audit.madeBy()).isEqualTo(LeakageAudit.MadeBy.IMAGE);
        assertThat(audit.report().straddling()).hasSizeGreaterThan(100);
    }

    @Test
    void oneCarelessPatientIsNeither() {
        List<GradedImage> images = pairs();
        List<Patient> patients = Patient.from(images);
        List<PlacedImage> placed =
                new ArrayList<>(PatientSplit.seeded(42).assign(patients).place(patients));
        PlacedImage first = placed.get(0);
        placed.set(0, new PlacedImage(first.image(), first.part() == Part.TEST ? Part.TRAIN : Part.TEST));
        assertThat(audit(placed).madeBy()).isEqualTo(LeakageAudit.MadeBy.NEITHER);
    }

    @Test
    void onePicturePerPatientCannotTell() {
        List<PlacedImage> placed = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            placed.add(
                    new PlacedImage(new GradedImage("i" + i, "P" + i, 0, null), i % 5 == 0 ? Part.TEST : Part.TRAIN));
        }
        assertThat(audit(placed).madeBy()).isEqualTo(LeakageAudit.MadeBy.CANNOT_BE_TOLD);
    }

    @Test
    void picturesThatAreNearlyTheSameAreFoundAndChanceNeighboursAreNot() {
        Random random = new Random(7);
        List<AuditedImage> images = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            images.add(image("i" + i, "P" + i, i % 4 == 0 ? Part.TEST : Part.TRAIN, "h" + i, random.nextLong()));
        }
        Long original = images.get(1).perceptualHash();
        assertThat(original).isNotNull();
        images.add(image("twin", "Q", Part.TEST, "other", original ^ 0b101L));
        images.add(image("copy", "R", Part.TEST, "h1", original));
        LeakageAudit audit = LeakageAudit.of(images);
        assertThat(audit.threshold()).isBetween(3, 10);
        assertThat(audit.near())
                .extracting(LeakageAudit.NearPair::oneImage, LeakageAudit.NearPair::otherImage)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("i1", "twin"),
                        org.assertj.core.groups.Tuple.tuple("copy", "twin"));
        assertThat(audit.samePictures())
                .containsExactly(new LeakageAudit.SamePicture("h1", List.of("copy", "i1"), List.of("P1", "R")));
        assertThat(audit.report().shared()).hasSize(1);
    }

    @Test
    void picturesThatAllLookAlikeGetAStrictThreshold() {
        Random random = new Random(3);
        List<AuditedImage> images = new ArrayList<>();
        long common = random.nextLong();
        for (int i = 0; i < 300; i++) {
            long hash = common;
            for (int k = 0; k < 6; k++) {
                hash ^= 1L << random.nextInt(64);
            }
            images.add(image("i" + i, "P" + i, Part.TRAIN, "h" + i, hash));
        }
        assertThat(LeakageAudit.of(images).threshold()).isLessThan(3);
    }

    private static List<GradedImage> pairs() {
        List<GradedImage> images = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            images.add(new GradedImage(i + "L", "P" + i, i % 5, null));
            images.add(new GradedImage(i + "R", "P" + i, (i + 1) % 5, null));
        }
        return images;
    }

    private static LeakageAudit audit(List<PlacedImage> placed) {
        return LeakageAudit.of(
                placed.stream().map(each -> new AuditedImage(each, null)).toList());
    }

    private static AuditedImage image(String image, String patient, Part part, String pixels, long hash) {
        return new AuditedImage(new PlacedImage(new GradedImage(image, patient, 1, pixels), part), hash);
    }
}
