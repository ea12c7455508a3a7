package io.patella.statistics.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.cohort.Part;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.PlacedImage;
import io.patella.cohort.split.Ratios;
import io.patella.statistics.audit.NeighbourProbe.Thumbnailed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NeighbourProbeTest {
    @Test
    void aSplitByImageClaimsMoreWhereKneesOfOnePatientAreAlike() {
        ImageWiseClaim claim = NeighbourProbe.over(cohort(0.3)).claim(Ratios.PAPER, 3);
        ImageWiseClaim.Row qwk = claim.rows().get(0);
        assertThat(qwk.byPatient().orElse(9)).isBetween(-0.2, 0.2); // pictures say nothing about the grade
        assertThat(qwk.byImage().orElse(0)).isGreaterThan(0.4); // but the other knee's grade is known
        assertThat(qwk.lowest().orElse(0)).isPositive();
        assertThat(qwk.lowest().orElse(0)).isLessThanOrEqualTo(qwk.optimism().orElse(0));
        assertThat(qwk.highest().orElse(0))
                .isGreaterThanOrEqualTo(qwk.optimism().orElse(0));
    }

    @Test
    void nothingIsClaimedWhereKneesOfOnePatientAreNot() {
        ImageWiseClaim claim = NeighbourProbe.over(cohort(100)).claim(Ratios.PAPER, 3);
        assertThat(claim.rows().get(0).optimism().orElse(9)).isBetween(-0.15, 0.15);
    }

    @Test
    void theOrderOfPicturesDoesNotMatter() {
        List<Thumbnailed> pictures = cohort(0.3);
        List<Thumbnailed> shuffled = new ArrayList<>(pictures);
        Collections.shuffle(shuffled, new Random(5));
        assertThat(NeighbourProbe.over(shuffled).claim(Ratios.PAPER, 2))
                .isEqualTo(NeighbourProbe.over(pictures).claim(Ratios.PAPER, 2));
    }

    @Test
    void theMedianOfTheNearestTrainingPicturesIsTheGradeWhateverBrightnessAndContrast() {
        List<Thumbnailed> pictures = new ArrayList<>();
        List<PlacedImage> placed = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int grade = i < 20 ? 1 : 4;
            float[] thumbnail = new float[8];
            for (int k = 0; k < 8; k++) {
                thumbnail[k] = 10 * i + (1 + i) * (grade == 1 ? k : k % 2);
            }
            GradedImage image = new GradedImage("i" + i, "P" + i, grade, null);
            pictures.add(new Thumbnailed(image, thumbnail));
            placed.add(new PlacedImage(image, i % 2 == 0 ? Part.TRAIN : i % 3 == 0 ? Part.VALIDATION : Part.TEST));
        }
        var confusion = NeighbourProbe.over(pictures).graded(placed);
        assertThat(confusion.count(1, 1)).isEqualTo(7);
        assertThat(confusion.count(4, 4)).isEqualTo(6);
        assertThat(confusion.images()).isEqualTo(13);
    }

    /** 150 patients with two knees of one grade; the knees differ by {@code noise} times what patients differ by. */
    private static List<Thumbnailed> cohort(double noise) {
        Random random = new Random(11);
        List<Thumbnailed> pictures = new ArrayList<>();
        for (int p = 0; p < 150; p++) {
            float[] patient = noise(random, 1);
            for (String side : List.of("L", "R")) {
                float[] thumbnail = noise(random, noise);
                for (int k = 0; k < thumbnail.length; k++) {
                    thumbnail[k] += patient[k];
                }
                pictures.add(new Thumbnailed(new GradedImage(p + side, "P" + p, p % 5, null), thumbnail));
            }
        }
        return pictures;
    }

    private static float[] noise(Random random, double scale) {
        float[] noise = new float[64];
        for (int k = 0; k < noise.length; k++) {
            noise[k] = (float) (scale * random.nextGaussian());
        }
        return noise;
    }
}
