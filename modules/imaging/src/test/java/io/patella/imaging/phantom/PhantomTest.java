package io.patella.imaging.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.Laterality;
import io.patella.imaging.Deletterbox;
import io.patella.imaging.Gray8;
import io.patella.imaging.QualityFlags;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhantomTest {
    @Test
    void theSameKneeGivesTheSamePicture() {
        PhantomKnee knee = new PhantomKnee("7", Laterality.LEFT, 2, 99);
        Gray8 again = Hospital.A.photograph(new PhantomKnee("7", Laterality.LEFT, 2, 99), 96);
        assertThat(Hospital.A.photograph(knee, 96)).isEqualTo(again);
        assertThat(Hospital.A.photograph(knee, 96))
                .isNotEqualTo(Hospital.A.photograph(new PhantomKnee("7", Laterality.LEFT, 2, 98), 96));
    }

    @Test
    void aLargerCohortBeginsWithTheSmallerOne() {
        List<PhantomKnee> small = PhantomCohort.draw(20, 9000001, 5).knees();
        assertThat(PhantomCohort.draw(50, 9000001, 5).knees().subList(0, 40)).isEqualTo(small);
        assertThat(PhantomCohort.draw(20, 9000001, 6).knees()).isNotEqualTo(small);
    }

    @Test
    void gradesComeInTheProportionsOfOai() {
        List<PhantomKnee> knees = PhantomCohort.draw(20_000, 1, 3).knees();
        double[] expected = {3253 / 8260.0, 1495 / 8260.0, 2175 / 8260.0, 1086 / 8260.0, 251 / 8260.0};
        for (int grade = 0; grade < 5; grade++) {
            int wanted = grade;
            double share = knees.stream().filter(k -> k.grade() == wanted).count() / (double) knees.size();
            assertThat(share).isBetween(expected[grade] - 0.012, expected[grade] + 0.012);
        }
    }

    @Test
    void aboutHalfOfThePatientsHaveTwoEqualKnees() {
        List<PhantomKnee> knees = PhantomCohort.draw(10_000, 1, 3).knees();
        long equal = IntStream.range(0, 10_000)
                .filter(i -> knees.get(2 * i).grade() == knees.get(2 * i + 1).grade())
                .count();
        assertThat(equal / 10_000.0).isBetween(0.50, 0.62);
    }

    @Test
    void theJointSpaceNarrowsWithTheGradeButDoesNotTellItAlone() {
        double[] grades = new double[300];
        double[] spaces = new double[300];
        int n = 0;
        for (int i = 0; n < 300; i++) {
            PhantomKnee knee = new PhantomKnee("1", Laterality.RIGHT, i % 5, PhantomCohort.mix(11, i));
            Gray8 picture = Hospital.A.photograph(knee, 112);
            QualityFlags flags = QualityFlags.of(picture);
            if (!flags.inverted() && !flags.bars() && !flags.overExposed() && deviation(picture) >= 20) {
                grades[n] = knee.grade();
                spaces[n++] = jointSpace(picture);
            }
        }
        assertThat(correlation(grades, spaces)).isBetween(-0.95, -0.7);
    }

    @Test
    void someKneesAreInvertedAndFlaggedSo() {
        long inverted = IntStream.range(0, 400)
                .filter(i -> QualityFlags.of(Hospital.A.photograph(
                                new PhantomKnee("1", Laterality.LEFT, i % 5, PhantomCohort.mix(2, i)), 64))
                        .inverted())
                .count();
        assertThat(inverted).isBetween(1L, 20L);
    }

    @Test
    void theSecondHospitalLooksDifferent() {
        PhantomKnee knee = new PhantomKnee("1", Laterality.LEFT, 1, 4);
        Gray8 wide = Hospital.B.photograph(knee, 300);
        assertThat(wide.height()).isEqualTo(162);
        long bars = IntStream.range(0, 60)
                .mapToObj(i ->
                        Hospital.B.photograph(new PhantomKnee("1", Laterality.LEFT, 0, PhantomCohort.mix(3, i)), 150))
                .filter(picture -> Deletterbox.box(picture).width() < picture.width()
                        || Deletterbox.box(picture).height() < picture.height())
                .count();
        assertThat(bars).isGreaterThan(10);
    }

    @Test
    void noPatientsAreRefused() {
        assertThatThrownBy(() -> PhantomCohort.draw(0, 1, 1))
                .hasMessageContaining("--patients: not a number of patients: 0");
    }

    private static double deviation(Gray8 picture) {
        double sum = 0;
        double squares = 0;
        for (byte pixel : picture.pixels()) {
            sum += pixel & 0xFF;
            squares += (pixel & 0xFF) * (pixel & 0xFF);
        }
        double mean = sum / picture.pixels().length;
        return Math.sqrt(squares / picture.pixels().length - mean * mean);
    }

    /** Rows darker than half-way between bone and joint, in the narrower compartment, as a share of the height. */
    private static double jointSpace(Gray8 picture) {
        return Math.min(space(picture, 0.20, 0.36), space(picture, 0.64, 0.80));
    }

    private static double space(Gray8 picture, double from, double to) {
        int height = picture.height();
        double sum = 0;
        int columns = 0;
        for (int x = (int) (from * picture.width()); x < to * picture.width(); x++, columns++) {
            int[] band = new int[height / 2];
            for (int i = 0; i < band.length; i++) {
                band[i] = picture.at(height / 4 + i, x);
            }
            int[] sorted = band.clone();
            Arrays.sort(sorted);
            int bone = sorted[band.length / 2];
            double half = bone - Math.max(20, bone - sorted[2]) / 2.0;
            sum += Arrays.stream(band).filter(value -> value < half).count() / (double) height;
        }
        return sum / columns;
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (a[i] - meanA) * (b[i] - meanB);
            squaresA += (a[i] - meanA) * (a[i] - meanA);
            squaresB += (b[i] - meanB) * (b[i] - meanB);
        }
        return product / Math.sqrt(squaresA * squaresB);
    }
}
