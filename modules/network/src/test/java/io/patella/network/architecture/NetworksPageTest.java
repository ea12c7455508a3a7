package io.patella.network.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.network.grader.Graders;
import io.patella.network.program.ProgramModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The table in docs/networks.md is what the registry says; {@code -Dgolden.update=true} writes it anew. */
class NetworksPageTest {
    private static final Path PAGE = Path.of(System.getProperty("patella.root"), "docs", "networks.md");
    private static final String START = "<!-- table: written by NetworksPageTest -->\n";
    private static final String END = "<!-- end of table -->\n";

    @Test
    void theTableIsWhatTheRegistrySays() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf(START);
        int end = page.indexOf(END);
        assertThat(start).isNotNegative();
        assertThat(end).isGreaterThan(start);
        String fresh = page.substring(0, start + START.length()) + table() + page.substring(end);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, fresh);
        }
        assertThat(page).as("run the test with -Dgolden.update=true").isEqualTo(fresh);
    }

    @Test
    void everyGraderStandsThere() throws IOException {
        String page = Files.readString(PAGE);
        String graders = page.substring(page.indexOf("## Graders"), page.indexOf("## Names"));
        for (String name : Graders.names()) {
            assertThat(graders).contains("`" + name + "`");
        }
    }

    private static String table() {
        StringBuilder table = new StringBuilder("""
                | name | parameters | features | step | picture | mean, std | licence of published weights |
                |---|---:|---:|---:|---:|---|---|
                """);
        for (String name : Architectures.names()) {
            Architectures.Named named = Architectures.byName(name);
            ProgramModule network = named.architecture().network(Layers.plain());
            long parameters = network.parameters().values().stream()
                    .mapToLong(slot -> {
                        long elements = 1;
                        for (long size : slot.shape()) {
                            elements *= size;
                        }
                        return elements;
                    })
                    .sum();
            table.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %.2f M | %d | %d | %d | %s | %s |%n",
                    name,
                    parameters / 1e6,
                    named.architecture().features(),
                    named.architecture().stride(),
                    named.size(),
                    normalisation(named),
                    named.licence()));
        }
        return table.toString();
    }

    private static String normalisation(Architectures.Named named) {
        return switch (named.mean().get(0).toString()) {
            case "0.485" -> "ImageNet";
            case "0.5" -> "0.5, 0.5";
            default -> "CLIP";
        };
    }
}
