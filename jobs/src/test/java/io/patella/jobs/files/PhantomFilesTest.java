package io.patella.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.imaging.Decoded.Quarantined;
import io.patella.imaging.Decoder;
import io.patella.imaging.QuarantineReason;
import io.patella.jobs.cli.Patella;
import io.patella.jobs.files.PhantomFiles.Plan;
import io.patella.jobs.files.PhantomFiles.Written;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhantomFilesTest {
    @TempDir
    private Path folder;

    @Test
    void theSameSeedWritesTheSameBytes() throws IOException {
        Plan plan = new Plan(6, 4, 9, 48, true, true);
        PhantomFiles.write(folder.resolve("one"), plan);
        PhantomFiles.write(folder.resolve("two"), plan);
        assertThat(contents(folder.resolve("one"))).hasSize(12 + 9 + 16 + 2).isEqualTo(contents(folder.resolve("two")));
    }

    @Test
    void manifestsNameEveryGoodFile() throws IOException {
        Written written = PhantomFiles.write(folder.resolve("out"), new Plan(5, 3, 1, 48, false, false));
        assertThat(written.grades().stream().mapToInt(Integer::intValue).sum()).isEqualTo(10);
        for (String name : List.of("hospital-a.csv", "hospital-b.csv")) {
            List<String> lines = Files.readAllLines(folder.resolve("out").resolve(name));
            assertThat(lines).hasSize(name.contains("-a") ? 11 : 13);
            for (String line : lines.subList(1, lines.size())) {
                assertThat(folder.resolve("out").resolve(line.substring(0, line.indexOf(','))))
                        .isRegularFile();
            }
        }
    }

    @Test
    void brokenFilesAreBrokenInTheWaysTheySay() throws IOException {
        PhantomFiles.write(folder.resolve("out"), new Plan(1, 0, 1, 48, false, true));
        Set<QuarantineReason> found = EnumSet.noneOf(QuarantineReason.class);
        for (byte[] file : bytes(folder.resolve("out/hospital-a"))) {
            if (Decoder.strict().decode(file) instanceof Quarantined quarantined) {
                found.add(quarantined.reason());
            }
        }
        assertThat(found)
                .containsExactlyInAnyOrder(
                        QuarantineReason.EMPTY_FILE,
                        QuarantineReason.TRUNCATED,
                        QuarantineReason.NOT_AN_IMAGE,
                        QuarantineReason.SIXTEEN_BIT,
                        QuarantineReason.TOO_MANY_PIXELS);
    }

    @Test
    void aFolderWithFilesIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("kept.txt"), "mine");
        assertThatThrownBy(() -> PhantomFiles.write(folder, new Plan(1, 0, 1, 48, false, false)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--out: folder is not empty");
        assertThat(folder.resolve("kept.txt")).hasContent("mine");
    }

    @Test
    void theCommandRefusesASizeThatIsNone() {
        assertThat(Patella.commandLine()
                        .execute("phantom", "--out", folder.resolve("x").toString(), "--size", "3"))
                .isEqualTo(Patella.BAD_INPUT);
    }

    private static Map<String, String> contents(Path root) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(root.relativize(file).toString(), io.patella.imaging.Sha256.hex(Files.readAllBytes(file)));
            }
        }
        return all;
    }

    private static List<byte[]> bytes(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return Files.readAllBytes(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }
}
