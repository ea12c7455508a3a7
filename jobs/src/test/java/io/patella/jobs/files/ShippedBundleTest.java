package io.patella.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.engine.OpenedBundle;
import io.patella.engine.Prediction;
import io.patella.imaging.Gray8;
import io.patella.imaging.phantom.Hospital;
import io.patella.imaging.phantom.PhantomCohort;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The grader that the repository holds. */
class ShippedBundleTest {
    private static final Path BUNDLE = Path.of(System.getProperty("patella.root"), "bundles", "patella-small.zip");

    @Test
    void itGivesAFixedPhantomTheStoredAnswer() throws Exception {
        JsonNode stored;
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("shipped-answer.json"))) {
            stored = new ObjectMapper().readTree(file);
        }
        Gray8 phantom =
                Hospital.A.photograph(PhantomCohort.draw(1, 1, 5).knees().get(0), 224);
        try (OpenedBundle bundle = OpenedBundle.open(BUNDLE, Device.CPU, ExecutionMode.CPU_F32_STRICT, 1)) {
            Prediction answer = bundle.grade(List.of(phantom)).get(0);
            assertThat(bundle.model()).isEqualTo(stored.get("model").asText());
            assertThat(bundle.preparation()).isEqualTo(stored.get("preparation").asText());
            assertThat(answer.grade()).isEqualTo(stored.get("grade").asInt());
            compare(answer.ordinal(), stored.get("ordinal"));
            compare(answer.distribution(), stored.get("distribution"));
            assertThat(answer.flag() == null).isEqualTo(stored.get("flag").isNull());
        }
    }

    @Test
    void itIsSmallAndItsCardSaysWhatItIsNotFor() throws Exception {
        assertThat(Files.size(BUNDLE)).isLessThan(25_000_000);
        try (OpenedBundle bundle = OpenedBundle.open(BUNDLE, Device.CPU, ExecutionMode.CPU_F32_STRICT, 1)) {
            assertThat(bundle.knowsTypicalPictures()).isTrue();
        }
        try (io.patella.network.bundle.Bundle files = io.patella.network.bundle.Bundle.open(BUNDLE)) {
            assertThat(files.card()).contains("no diagnosis", "chen2019", "manifest `sha256:", "ece");
        }
    }

    private static void compare(List<Double> answer, JsonNode stored) {
        assertThat(answer).hasSize(stored.size());
        for (int i = 0; i < answer.size(); i++) {
            assertThat(answer.get(i)).isCloseTo(stored.get(i).asDouble(), within(1e-4));
        }
    }
}
