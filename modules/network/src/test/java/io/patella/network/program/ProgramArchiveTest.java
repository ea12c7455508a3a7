package io.patella.network.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramArchiveTest {
    @TempDir
    Path folder;

    private static ProgramModule sample() {
        float[] values = new float[2 * 3 * 2 * 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        ProgramModule conv = new ProgramModule("Conv2d")
                .parameter("weight", new ProgramTensor(Tensor.of(values, 2, 3, 2, 2), true, true))
                .method("forward(x: Tensor) -> Tensor", "return torch.conv2d(x, self.weight)");
        return new ProgramModule("Net")
                .attribute("scale", 1.5)
                .attribute("names", "a,b")
                .attribute("count", 70_000L)
                .attribute("none", ProgramModule.NO_TENSOR)
                .child("blocks", ProgramModule.sequence("Blocks", List.of(conv)))
                .buffer("mean", ProgramTensor.constant(Tensor.of(new float[] {7}, 1)))
                .method("forward(x: Tensor) -> Tensor", "return self.blocks.forward(x) * self.scale");
    }

    @Test
    void tensorsComeBackUnderTheirNamesInRowMajorOrder() {
        Path file = folder.resolve("net.pt");
        String text = ProgramArchive.write(sample(), file, Map.of("about", "a sample"));
        ProgramArchive archive = ProgramArchive.open(file);
        assertThat(archive.tensors()).containsOnlyKeys("mean", "blocks.0.weight");
        Tensor weight = archive.tensors().get("blocks.0.weight");
        assertThat(weight.shape()).containsExactly(2, 3, 2, 2);
        assertThat(weight.toFloats()).startsWith(0, 1, 2, 3, 4).endsWith(22, 23);
        assertThat(archive.extra()).containsExactly(Map.entry("about", "a sample"));
        assertThat(archive.text()).isEqualTo(text).contains("getattr(self, \"0\").forward(x)");
    }

    @Test
    void sameInputGivesSameBytes() throws IOException {
        ProgramArchive.write(sample(), folder.resolve("a.pt"), Map.of());
        ProgramArchive.write(sample(), folder.resolve("b.pt"), Map.of());
        assertThat(folder.resolve("a.pt")).hasSameBinaryContentAs(folder.resolve("b.pt"));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void otherZipToolsReadItAndCheckItsSums() throws IOException {
        Path file = folder.resolve("net.pt");
        ProgramArchive.write(sample(), file, Map.of());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().map(e -> (ZipEntry) e).toList()) {
                zip.getInputStream(entry).readAllBytes();
            }
            assertThat(zip.getEntry("archive/version")).isNotNull();
        }
    }

    @Test
    void truncatedFileIsRefused() throws IOException {
        Path file = folder.resolve("net.pt");
        ProgramArchive.write(sample(), file, Map.of());
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 10, 100, bytes.length / 2, bytes.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> ProgramArchive.open(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("no program written by Patella");
        }
    }

    @Test
    void changedTextIsRefused() throws IOException {
        Path file = folder.resolve("net.pt");
        ProgramArchive.write(sample(), file, Map.of());
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Files.write(file, bytes.replace("* self.scale", "+ self.scale").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ProgramArchive.open(file)).hasMessageContaining("text or object tree was changed");
    }

    @Test
    void foreignZipIsRefused() throws IOException {
        Path file = folder.resolve("foreign.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(new byte[] {(byte) 0x80, 2, '.'});
        }
        assertThatThrownBy(() -> ProgramArchive.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("patella weights convert");
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> ProgramArchive.open(folder.resolve("none.pt")))
                .hasMessageContaining("none.pt: no such file");
    }

    @Test
    void moduleWithoutWeightsIsNotWritten() {
        ProgramModule empty = new ProgramModule("Empty").parameter("weight", Initial.ONES, 3);
        assertThatThrownBy(() -> ProgramArchive.write(empty, folder.resolve("e.pt"), Map.of()))
                .hasMessage("weight has no weights yet");
        assertThat(folder.resolve("e.pt")).doesNotExist();
    }

    @Test
    void anyChangedByteIsRefusedWithAMessageOrHarmless() throws IOException {
        Path file = folder.resolve("net.pt");
        ProgramArchive.write(sample(), file, Map.of("about", "a sample"));
        byte[] bytes = Files.readAllBytes(file);
        Path broken = folder.resolve("broken.pt");
        int refused = 0;
        int tried = 0;
        for (int at = 0; at < bytes.length; at += 5, tried++) {
            byte[] changed = bytes.clone();
            changed[at] ^= (byte) (1 << (at % 8));
            Files.write(broken, changed);
            try {
                Map<String, Tensor> tensors = ProgramArchive.open(broken).tensors();
                assertThat(tensors.get("blocks.0.weight").shape()).containsExactly(2, 3, 2, 2);
            } catch (InputException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(tried / 3);
    }

    @Test
    void treesThatAreNotOursAreRefusedEvenWithAMatchingMark() {
        for (String pickle : List.of(
                "cos\nsystem\n(X\u0002\u0000\u0000\u0000idtR.",
                "c__torch__\nNet\n)\u0081}(ub",
                "(((((((((((((((((((",
                "")) {
            byte[] tree = ("\u0080\u0002" + pickle).getBytes(StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> PickleReader.tensors(Path.of("x.pt"), java.nio.ByteBuffer.wrap(tree)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("x.pt: no program written by Patella");
        }
    }
}
