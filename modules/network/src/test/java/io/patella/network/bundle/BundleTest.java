package io.patella.network.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    @TempDir
    Path dir;

    private Path model;
    private BundleDescription description;

    @BeforeEach
    void draw() throws IOException {
        model = dir.resolve("program.pt");
        ProgramArchive.write(
                new ProgramModule("Echo").method("forward(self, x: Tensor) -> Tensor", "return x"), model, Map.of());
        ObjectMapper json = new ObjectMapper();
        description = new BundleDescription(
                "echo",
                json.readTree("{\"name\":\"echo\"}"),
                Preparation.standard(224),
                List.of(0.4, 0.45, 0.5, 0.55),
                json.readTree("{\"seed\":42}"),
                List.of("P2", "P1"));
    }

    @Test
    void aFolderComesBackWhole() {
        Path target = dir.resolve("echo");
        String hash = Bundle.write(target, description, model, "# Echo\n");
        try (Bundle bundle = Bundle.open(target)) {
            assertThat(bundle.description()).isEqualTo(description);
            assertThat(bundle.description().heldOut()).containsExactly("P1", "P2");
            assertThat(bundle.card()).isEqualTo("# Echo\n");
            assertThat(bundle.hash()).isEqualTo(hash).matches("sha256:[0-9a-f]{64}");
            assertThat(bundle.model()).hasSameBinaryContentAs(model);
        }
    }

    @Test
    void folderAndZipAreTheSameModel() throws IOException {
        String folder = Bundle.write(dir.resolve("echo"), description, model, "card");
        String zip = Bundle.write(dir.resolve("echo.zip"), description, model, "card");
        assertThat(zip).isEqualTo(folder);
        Path unpacked;
        try (Bundle bundle = Bundle.open(dir.resolve("echo.zip"))) {
            assertThat(bundle.hash()).isEqualTo(folder);
            unpacked = bundle.model();
            assertThat(unpacked).exists();
        }
        assertThat(unpacked).doesNotExist();
        try (Bundle bundle = Bundle.open(dir.resolve("echo"))) {
            bundle.pack(dir.resolve("again.zip"));
        }
        assertThat(dir.resolve("again.zip")).hasSameBinaryContentAs(dir.resolve("echo.zip"));
    }

    @Test
    void writingAgainReplacesAndLeavesNothingElse() throws IOException {
        Path target = dir.resolve("out/echo");
        Bundle.write(target, description, model, "first");
        Bundle.write(target, description.withCutpoints(null), model, "second");
        try (Bundle bundle = Bundle.open(target)) {
            assertThat(bundle.card()).isEqualTo("second");
            assertThat(bundle.description().cutpoints()).isNull();
        }
        try (Stream<Path> left = Files.list(dir.resolve("out"))) {
            assertThat(left).containsExactly(target);
        }
    }

    @Test
    void otherCutpointsAreAnotherModel() {
        String first = Bundle.write(dir.resolve("a"), description, model, "card");
        String second =
                Bundle.write(dir.resolve("b"), description.withCutpoints(List.of(0.5, 0.5, 0.5, 0.5)), model, "card");
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void aDamagedPartIsNamedWithBothHashes() throws IOException {
        Path target = dir.resolve("echo");
        Bundle.write(target, description, model, "card");
        byte[] bytes = Files.readAllBytes(target.resolve("model.pt"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(target.resolve("model.pt"), bytes);
        assertThatThrownBy(() -> Bundle.open(target))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.pt does not match its hash")
                .hasMessageContaining("expected ");
    }

    @Test
    void aPreparationChangedByHandIsRefused() throws IOException {
        Path target = dir.resolve("echo");
        Bundle.write(target, description, model, "card");
        Path json = target.resolve("bundle.json");
        Files.writeString(json, Files.readString(json).replace("224", "192"));
        assertThatThrownBy(() -> Bundle.open(target))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("preparation does not match its hash");
    }

    @Test
    void whatIsNoBundleIsRefusedInOneLine() throws IOException {
        assertThatThrownBy(() -> Bundle.open(dir.resolve("absent")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bundle: no such file or folder")
                .hasMessageNotContaining("--bundle");
        assertThatThrownBy(() -> Bundle.open(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not a bundle: lacks: bundle.json");
        Path text = Files.writeString(dir.resolve("text.zip"), "hello");
        assertThatThrownBy(() -> Bundle.open(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not a bundle's zip");
        Path newer = dir.resolve("newer");
        Files.createDirectories(newer);
        Files.writeString(newer.resolve("bundle.json"), "{\"format\":99}");
        assertThatThrownBy(() -> Bundle.open(newer))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("unknown format: 99");
    }
}
