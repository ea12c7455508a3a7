package io.patella.tables;

import io.patella.tables.row.TableDefinition;
import io.patella.tables.row.Tables;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The data dictionary as Markdown, written from the definitions that the tables are made from: {@code docs/tables.md}. */
public final class Dictionary {
    private Dictionary() {}

    /** The whole page. */
    public static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Tables and views

                The data dictionary, written from the definitions in `modules/tables`; a test holds it to them. To renew it
                after a change of a table: raise `Migration.SCHEMA_VERSION`, then
                `mvn test -pl modules/tables -am -Dtest=DictionaryGoldenTest -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.update=true`.

                Schema version: %d. Catalog `patella`, namespace `knee`; `./patella query` takes the names as they stand here.
                **Key**: no two rows share all key columns. Tables are Iceberg tables, format 2. A column added by a later
                version is null in older rows. A write is one commit: readers see all of it or nothing.

                | table | a row is | key |
                |---|---|---|
                """.formatted(Migration.SCHEMA_VERSION));
        for (TableDefinition<?> table : Tables.ALL) {
            page.append("| [`%s`](#%s) | %s | %s |\n"
                    .formatted(table.name(), table.name(), table.comment(), names(table.key())));
        }
        page.append("\n| view | a row is |\n|---|---|\n");
        for (View view : View.ALL) {
            page.append("| [`%s`](#%s) | %s |\n".formatted(view.name(), view.name(), view.comment()));
        }
        for (TableDefinition<?> table : Tables.ALL) {
            page.append("\n## %s\n\n%s. Key: %s.%s\n\n| column | type | null | meaning |\n|---|---|---|---|\n"
                    .formatted(
                            table.name(),
                            table.comment(),
                            names(table.key()),
                            table.partitioning().isEmpty()
                                    ? ""
                                    : " Stored apart by " + names(table.partitioning()) + "."));
            columns(page, table.schema(), true);
        }
        for (View view : View.ALL) {
            page.append("\n## %s\n\nView. %s.\n\n| column | type | meaning |\n|---|---|---|\n"
                    .formatted(view.name(), view.comment()));
            columns(page, view.schema(), false);
        }
        return page.toString();
    }

    /** @param withNull says of each whether it may be null, which of a view its query decides */
    private static void columns(StringBuilder page, StructType schema, boolean withNull) {
        for (StructField field : schema.fields()) {
            page.append("| `%s` | %s |%s %s |\n"
                    .formatted(
                            field.name(),
                            field.dataType().sql().toLowerCase(Locale.ROOT),
                            !withNull ? "" : field.nullable() ? " yes |" : "  |",
                            cell(field.getComment().get())));
        }
    }

    private static String names(List<String> columns) {
        return columns.stream().map(column -> "`" + column + "`").collect(Collectors.joining(", "));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
