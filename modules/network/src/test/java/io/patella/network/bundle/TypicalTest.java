package io.patella.network.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypicalTest {
    private static final int F = 40;

    @TempDir
    Path dir;

    /** Vectors of a grade: a centre, three strong directions of variation, a little noise. */
    private static float[] knee(Random random, int grade) {
        double[] strong = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
        float[] x = new float[F];
        for (int i = 0; i < F; i++) {
            double variation = 0;
            for (int k = 0; k < 3; k++) {
                variation += strong[k] * Math.cos((k + 1) * i);
            }
            x[i] = (float) (6 + 2 * Math.sin(i + 0.7 * grade) + 0.6 * variation + 0.1 * random.nextGaussian());
        }
        return x;
    }

    private static List<float[]> knees(long seed, int n) {
        Random random = new Random(seed);
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(knee(random, i % 5));
        }
        return all;
    }

    private static Typical typical() {
        int[] grades = new int[600];
        for (int i = 0; i < grades.length; i++) {
            grades[i] = i % 5;
        }
        return Typical.of(knees(1, 600), grades, knees(2, 400));
    }

    @Test
    void oneInAHundredOfNewKneesLiesBeyondALimit() {
        Typical typical = typical();
        long beyond = knees(3, 1000).stream()
                .filter(each -> typical.atypicality(each) > 1)
                .count();
        assertThat(beyond).isLessThanOrEqualTo(25);
    }

    @Test
    void whatPointsElsewhereIsAtypicalHoweverShort() {
        Typical typical = typical();
        float[] weak = new float[F];
        weak[3] = 0.01f;
        assertThat(typical.atypicality(weak)).isGreaterThan(2);
        assertThat(typical.atypicality(new float[F])).isGreaterThan(2);
    }

    @Test
    void whatVariesAsNoKneeDoesIsAtypicalThoughNearTheCentre() {
        Typical typical = typical();
        Random random = new Random(9);
        float[] odd = knee(random, 2);
        for (int i = 0; i < F; i++) {
            odd[i] += i % 2 == 0 ? 0.5f : -0.5f; // less than the strong variation, along no direction of it
        }
        assertThat(typical.atypicality(odd)).isGreaterThan(1.5);
    }

    @Test
    void aVectorThatIsNotFiniteIsAtypical() {
        float[] broken = knee(new Random(4), 1);
        broken[7] = Float.NaN;
        assertThat(typical().atypicality(broken)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void aBundleKeepsItAndHashesIt() throws Exception {
        Path model = dir.resolve("program.pt");
        ProgramArchive.write(
                new ProgramModule("Echo").method("forward(self, x: Tensor) -> Tensor", "return x"), model, Map.of());
        ObjectMapper json = new ObjectMapper();
        BundleDescription description = new BundleDescription(
                "echo", json.readTree("{}"), Preparation.standard(224), null, json.readTree("{}"), List.of());
        Typical typical = typical();
        String with = Bundle.write(dir.resolve("with"), description, model, "card", typical);
        String zipped = Bundle.write(dir.resolve("with.zip"), description, model, "card", typical);
        String without = Bundle.write(dir.resolve("without"), description, model, "card");
        assertThat(zipped).isEqualTo(with).isNotEqualTo(without);
        float[] knee = knee(new Random(8), 3);
        for (String name : List.of("with", "with.zip")) {
            try (Bundle bundle = Bundle.open(dir.resolve(name))) {
                assertThat(bundle.typical().atypicality(knee)).isCloseTo(typical.atypicality(knee), within(1e-5));
            }
        }
        try (Bundle bundle = Bundle.open(dir.resolve("without"))) {
            assertThat(bundle.typical()).isNull();
        }
        Path part = dir.resolve("with").resolve("typical.safetensors");
        byte[] bytes = Files.readAllBytes(part);
        bytes[bytes.length - 1] ^= 1;
        Files.write(part, bytes);
        assertThatThrownBy(() -> Bundle.open(dir.resolve("with")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("typical.safetensors does not match its hash");
        Files.delete(part);
        assertThatThrownBy(() -> Bundle.open(dir.resolve("with")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bundle lacks a part: typical.safetensors");
    }
}
