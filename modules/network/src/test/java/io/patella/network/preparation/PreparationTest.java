package io.patella.network.preparation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreparationTest {
    private static final Preparation PLAIN = Preparation.standard(224);

    @Test
    void canonicalTextIsFixed() {
        assertThat(PLAIN.json())
                .isEqualTo(
                        "{\"average\":\"probabilities\",\"deletterbox\":true,\"interpolation\":\"bilinear\","
                                + "\"mean\":[0.485,0.456,0.406],\"size\":224,\"std\":[0.229,0.224,0.225],\"version\":1,\"views\":0}");
        assertThat(PLAIN.hash()).matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void everySettingEntersTheHash() {
        Set<String> hashes = new HashSet<>();
        List<Preparation> all = List.of(
                PLAIN,
                Preparation.standard(225),
                PLAIN.with(Preparation.Letterbox.KEEP),
                PLAIN.with(Preparation.Views.FOUR),
                PLAIN.with(Preparation.Views.EIGHT),
                PLAIN.with(Preparation.Average.LOGITS),
                PLAIN.with(Preparation.Exposure.STANDARDISE),
                PLAIN.normalised(List.of(0.5, 0.5, 0.5), PLAIN.std()),
                PLAIN.normalised(PLAIN.mean(), List.of(0.5, 0.5, 0.5)),
                new Preparation(
                        PLAIN.letterbox(),
                        224,
                        Preparation.Interpolation.BICUBIC,
                        PLAIN.exposure(),
                        PLAIN.mean(),
                        PLAIN.std(),
                        PLAIN.views(),
                        PLAIN.average()));
        all.forEach(each -> hashes.add(each.hash()));
        assertThat(hashes).hasSameSizeAs(all);
    }

    @Test
    void whatWasWrittenIsReadBack() throws Exception {
        Preparation other = PLAIN.with(Preparation.Views.EIGHT)
                .with(Preparation.Average.LOGITS)
                .with(Preparation.Exposure.STANDARDISE);
        assertThat(Preparation.parse(new ObjectMapper().readTree(other.json()), "bundle.json"))
                .isEqualTo(other);
    }

    @Test
    void unknownKeysVersionsAndWordsAreRefused() throws Exception {
        ObjectNode node = (ObjectNode) new ObjectMapper().readTree(PLAIN.json());
        assertThatThrownBy(() -> Preparation.parse(node.deepCopy().put("sise", 3), "bundle.json"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bundle.json, preparation: keys do not fit");
        assertThatThrownBy(() -> Preparation.parse(node.deepCopy().put("version", 2), "bundle.json"))
                .hasMessageContaining("unknown version: 2");
        assertThatThrownBy(() -> Preparation.parse(node.deepCopy().put("average", "mean"), "bundle.json"))
                .hasMessageContaining("preparation.average: unknown word: mean");
        assertThatThrownBy(() -> Preparation.parse(node.deepCopy().put("views", 5), "bundle.json"))
                .hasMessageContaining("not a number of views: 5");
        assertThatThrownBy(() -> PLAIN.normalised(PLAIN.mean(), List.of(1.0, 0.0, 1.0)))
                .hasMessageContaining("preparation.std");
        assertThatThrownBy(() -> Preparation.standard(4)).hasMessageContaining("outside 16..2048: 4");
    }
}
