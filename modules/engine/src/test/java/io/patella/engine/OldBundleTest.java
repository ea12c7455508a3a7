package io.patella.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.imaging.Gray8;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles that earlier versions wrote, kept as files with the answers that those versions gave. */
class OldBundleTest {
    @TempDir
    Path folder;

    private InputStream kept(String name) {
        InputStream in = getClass().getResourceAsStream("/bundles/" + name);
        assertThat(in).as(name).isNotNull();
        return in;
    }

    /** Bands of gray, slanted; the broader the smaller {@code i}. */
    private static Gray8 bands(int i) {
        byte[] pixels = new byte[70 * 60];
        for (int k = 0; k < pixels.length; k++) {
            pixels[k] = (byte) (40 + (k % 70 * (i + 2) + k / 70 * 5) % 160);
        }
        return new Gray8(70, 60, pixels);
    }

    /** Before exposure entered the preparation and typical pictures the bundle. */
    @Test
    void aBundleOfTheFirstFormatOpensAndGradesAsItDid() throws Exception {
        Path bundle = folder.resolve("first-format.zip");
        try (InputStream in = kept("first-format.zip")) {
            Files.copy(in, bundle);
        }
        JsonNode then;
        try (InputStream in = kept("first-format.json")) {
            then = new ObjectMapper().readTree(in);
        }
        List<Gray8> pictures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            pictures.add(bands(i));
        }
        try (OpenedBundle grader = OpenedBundle.open(bundle, Device.CPU, ExecutionMode.CPU_F32_STRICT, 1)) {
            assertThat(grader.model()).isEqualTo(then.path("model").asText());
            assertThat(grader.preparation()).isEqualTo(then.path("preparation").asText());
            assertThat(grader.knowsTypicalPictures()).isFalse();
            List<Prediction> now = grader.grade(pictures);
            for (int i = 0; i < 3; i++) {
                JsonNode answer = then.path("answers").get(i);
                assertThat(now.get(i).grade()).isEqualTo(answer.path("grade").asInt());
                assertThat(now.get(i).flag()).isNull();
                same(now.get(i).ordinal(), answer.path("ordinal"));
                same(now.get(i).distribution(), answer.path("distribution"));
                assertThat(now.get(i).binary()).isCloseTo(answer.path("binary").asDouble(), within(1e-5));
            }
        }
    }

    private static void same(List<Double> now, JsonNode then) {
        assertThat(now).hasSize(then.size());
        for (int k = 0; k < then.size(); k++) {
            assertThat(now.get(k)).isCloseTo(then.get(k).asDouble(), within(1e-5));
        }
    }
}
