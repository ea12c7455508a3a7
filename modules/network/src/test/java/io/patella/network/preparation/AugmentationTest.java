package io.patella.network.preparation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmentationTest {
    @Test
    void cropSizesAreTorchvisions() throws Exception {
        JsonNode cases = new ObjectMapper()
                .readTree(getClass().getResourceAsStream("/golden/preprocess/crop_sizes.json"))
                .get("cases");
        int fitting = 0;
        for (JsonNode each : cases) {
            int h = each.get("H").asInt();
            int w = each.get("W").asInt();
            int[] size = Augmentation.cropSize(
                    h, w, each.get("scale").asDouble(), each.get("ratio").asDouble());
            assertThat(size)
                    .containsExactly(each.get("h").asInt(), each.get("w").asInt());
            boolean fits = size[0] <= h && size[1] <= w;
            assertThat(fits).isEqualTo(each.get("accepted").asBoolean());
            fitting += fits ? 1 : 0;
        }
        assertThat(fitting).isPositive();
    }

    @Test
    void drawsStayInTheirRangesAndCoverThem() {
        double[] low = {9, 9, 9, 9};
        double[] high = {-9, -9, -9, -9};
        int flips = 0;
        int whole = 0;
        int n = 20_000;
        for (int i = 0; i < n; i++) {
            Augmentation.Draw draw = Augmentation.PAPER.draw(42, 3, i, 224);
            double[] values = {
                draw.angle(), draw.brightness(), draw.contrast(), draw.height() * (double) draw.width() / (224 * 224)
            };
            for (int k = 0; k < 4; k++) {
                low[k] = Math.min(low[k], values[k]);
                high[k] = Math.max(high[k], values[k]);
            }
            flips += draw.flip() ? 1 : 0;
            whole += draw.height() == 224 && draw.width() == 224 ? 1 : 0;
            assertThat(draw.top() >= 0 && draw.top() + draw.height() <= 224).isTrue();
            assertThat(draw.left() >= 0 && draw.left() + draw.width() <= 224).isTrue();
            assertThat(draw.width() / (double) draw.height()).isBetween(0.89, 1.11);
        }
        assertThat(flips / (double) n).isCloseTo(0.5, within(0.02));
        assertThat(whole / (double) n).isLessThan(0.05);
        assertThat(low).containsExactly(new double[] {-8, 0.92, 0.92, 0.88}, within(0.01));
        assertThat(high).containsExactly(new double[] {8, 1.08, 1.08, 1}, within(0.01));
    }

    @Test
    void roughnessStaysInItsRangesAndCoversThem() {
        Augmentation.Rough rough = new Augmentation.Rough(0.2, 0.5, 0.4, 0.3, 0.1);
        Augmentation augmentation = new Augmentation(0, 0, 1, 1, 1, 0, 0, rough);
        double[] low = {9, 999, 9, 999};
        double[] high = {-9, -9, -9, -9};
        int inverted = 0;
        int n = 20_000;
        for (int i = 0; i < n; i++) {
            Augmentation.Roughness drawn = augmentation.draw(42, 3, i, 200).rough();
            double[] values = {drawn.gamma(), drawn.side(), drawn.quality(), drawn.hole()};
            for (int k = 0; k < 4; k++) {
                low[k] = Math.min(low[k], values[k]);
                high[k] = Math.max(high[k], values[k]);
            }
            inverted += drawn.invert() ? 1 : 0;
            assertThat(drawn.holeTop() + drawn.hole()).isLessThanOrEqualTo(200);
            assertThat(drawn.holeLeft() + drawn.hole()).isLessThanOrEqualTo(200);
        }
        assertThat(inverted / (double) n).isCloseTo(0.2, within(0.02));
        assertThat(low).containsExactly(new double[] {1 / 1.5, 80, 0.3, 0}, within(0.01));
        assertThat(high).containsExactly(new double[] {1.5, 200, 1, 63}, within(0.01)); // sqrt(0.1) 200
    }

    @Test
    void aDrawDependsOnSeedEpochAndPictureAlone() {
        Augmentation.Draw draw = Augmentation.PAPER.draw(42, 7, 1234, 224);
        Augmentation.PAPER.draw(1, 1, 1, 224);
        assertThat(Augmentation.PAPER.draw(42, 7, 1234, 224)).isEqualTo(draw);
        Set<Augmentation.Draw> others = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            others.add(Augmentation.PAPER.draw(42 + i, 7, 1234, 224));
            others.add(Augmentation.PAPER.draw(42, 7 + i, 1234, 224));
            others.add(Augmentation.PAPER.draw(42, 7, 1234 + i, 224));
        }
        assertThat(others).hasSize(28);
    }

    @Test
    void noAugmentationChangesNothing() {
        assertThat(Augmentation.NONE.draw(1, 2, 3, 160)).isEqualTo(Augmentation.Draw.identity(160));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Augmentation(1.5, 8, 0.88, 0.9, 1.1, 0.08, 0.08, Augmentation.Rough.OFF))
                .hasMessageContaining("augmentation.flip: outside 0.0..1.0: 1.5");
        assertThatThrownBy(() -> new Augmentation.Rough(0, 0, 1, 0, 0))
                .hasMessageContaining("augmentation.rough.jpeg: outside 0.05..1.0: 0.0");
    }
}
