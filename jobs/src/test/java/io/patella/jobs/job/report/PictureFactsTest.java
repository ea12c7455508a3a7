package io.patella.jobs.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.imaging.Gray8;
import io.patella.statistics.metrics.Prediction;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureFactsTest {
    @Test
    void largePicturesAreShrunkByMeansAndKeepTheirShape() {
        byte[] pixels = new byte[896 * 448];
        Arrays.fill(pixels, (byte) 200);
        Gray8 small = PictureFacts.shrunk(new Gray8(896, 448, pixels));
        assertThat(small.width()).isEqualTo(224);
        assertThat(small.height()).isEqualTo(112);
        assertThat(small.at(50, 100)).isEqualTo(200);
    }

    @Test
    void smallPicturesStayAsTheyAre() {
        Gray8 picture = new Gray8(3, 2, new byte[] {1, 2, 3, 4, 5, 6});
        assertThat(PictureFacts.shrunk(picture)).isSameAs(picture);
    }

    @Test
    void farthestErrorsComeFirstAndRightGradesNever() {
        List<Prediction> worst = PictureFacts.worst(List.of(
                Prediction.hard("a", "1", 0, 1),
                Prediction.hard("b", "1", 4, 0),
                Prediction.hard("c", "2", 2, 2),
                Prediction.hard("d", "2", 1, 3)));
        assertThat(worst.stream().map(Prediction::imageId)).containsExactly("b", "d", "a");
    }

    @Test
    void shareOfAFewKeepsItsIntervalInsideZeroAndOne() {
        assertThat(EvaluationFacts.wilson(0, 5).lower()).isZero();
        assertThat(EvaluationFacts.wilson(5, 5).upper()).isEqualTo(1.0);
        assertThat(EvaluationFacts.wilson(5, 10).lower()).isCloseTo(0.2366, org.assertj.core.data.Offset.offset(1e-4));
    }
}
