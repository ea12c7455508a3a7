package io.patella.statistics.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.metrics.Confusion;
import org.junit.jupiter.api.Test;

class ImageWiseClaimTest {
    @Test
    void optimismIsByImageMinusByPatient() {
        Confusion byPatient = Confusion.of(new int[] {0, 1, 2, 3}, new int[] {0, 2, 2, 2});
        Confusion byImage = Confusion.of(new int[] {0, 1, 2, 3}, new int[] {0, 1, 2, 2});
        ImageWiseClaim claim = ImageWiseClaim.of(byPatient, byImage);
        assertThat(claim.rows()).anySatisfy(row -> {
            assertThat(row.metric()).isEqualTo("accuracy");
            assertThat(row.optimism().value()).isCloseTo(0.25, within(1e-12));
        });
        assertThat(claim.rows()).anySatisfy(row -> {
            assertThat(row.metric()).isEqualTo("mae");
            assertThat(row.optimism().value()).isCloseTo(-0.25, within(1e-12));
        });
    }

    @Test
    void aFigureThatIsUndefinedUnderOneSplitHasNoOptimism() {
        Confusion constant = Confusion.of(new int[] {0, 0}, new int[] {0, 0});
        Confusion varied = Confusion.of(new int[] {0, 1}, new int[] {0, 1});
        assertThat(ImageWiseClaim.of(constant, varied).rows()).anySatisfy(row -> {
            assertThat(row.metric()).isEqualTo("qwk");
            assertThat(row.optimism().isDefined()).isFalse();
        });
        Confusion empty = Confusion.of(new int[0], new int[0]);
        assertThatThrownBy(() -> ImageWiseClaim.of(empty, varied)).hasMessageContaining("a test part without pictures");
    }
}
