package io.patella.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.tables.row.TableDefinition;
import io.patella.tables.row.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DictionaryGoldenTest {
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");
    private static final Path PAGE = Path.of(System.getProperty("patella.root"), "docs", "tables.md");
    private static final Path VERSIONS = Path.of("src", "test", "resources", "schema-versions.txt");

    @Test
    void thePageIsWhatTheDefinitionsSay() throws IOException {
        if (UPDATE) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, Dictionary.markdown());
        }
        assertThat(PAGE).as("renew with -Dgolden.update=true").hasContent(Dictionary.markdown());
    }

    /** One line a version: number and fingerprint. A change of a table or view needs a new line, old ones stay. */
    @Test
    void aChangedSchemaHasANewVersion() throws IOException {
        String line = Migration.SCHEMA_VERSION + " " + Migration.fingerprint();
        List<String> known = Files.exists(VERSIONS) ? Files.readAllLines(VERSIONS) : List.of();
        if (UPDATE && known.stream().noneMatch(each -> each.startsWith(Migration.SCHEMA_VERSION + " "))) {
            Files.createDirectories(VERSIONS.getParent());
            Files.writeString(VERSIONS, String.join("\n", known) + (known.isEmpty() ? "" : "\n") + line + "\n");
            known = Files.readAllLines(VERSIONS);
        }
        assertThat(known.get(known.size() - 1))
                .as("the schema has changed: raise Migration.SCHEMA_VERSION and run with -Dgolden.update=true")
                .isEqualTo(line);
    }

    @Test
    void everyColumnOfEveryTableHasAComment() {
        for (TableDefinition<?> table : Tables.ALL) {
            assertThat(Arrays.stream(table.schema().fields()))
                    .as(table.name())
                    .allSatisfy(field -> assertThat(field.getComment().isDefined()
                                    && !field.getComment().get().isBlank())
                            .as(field.name())
                            .isTrue());
            assertThat(table.key()).as("key of " + table.name()).isNotEmpty();
        }
    }

    @Test
    void aColumnOfOneNameMeansTheSameTypeEverywhere() {
        for (TableDefinition<?> one : Tables.ALL) {
            for (TableDefinition<?> other : Tables.ALL) {
                for (String name : one.schema().fieldNames()) {
                    // a stratum is a grade in parts, any subgroup in evaluations
                    if (!name.equals("stratum")
                            && List.of(other.schema().fieldNames()).contains(name)) {
                        assertThat(one.schema().apply(name).dataType())
                                .as(name + " in " + one.name() + " and " + other.name())
                                .isEqualTo(other.schema().apply(name).dataType());
                    }
                }
            }
        }
    }
}
