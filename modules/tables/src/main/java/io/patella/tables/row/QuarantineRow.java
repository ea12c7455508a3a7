package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.StringType;

/** A row of {@code quarantine}; the comments of {@link #TABLE} say what each component is. */
public record QuarantineRow(String cohort, String sourceUri, String runId, String reason, String detail) {
    public static final TableDefinition<QuarantineRow> TABLE = TableDefinition.of(
                    "quarantine", "A file that did not become a radiograph, and why", QuarantineRow::decode)
            .key("cohort", StringType, Words.COHORT, QuarantineRow::cohort)
            .key("source_uri", StringType, "The file", QuarantineRow::sourceUri)
            .key("run_id", StringType, Words.RUN, QuarantineRow::runId)
            .required(
                    "reason", StringType, "Reason, one word of a fixed list, such as truncated", QuarantineRow::reason)
            .required("detail", StringType, "What was found, and what to do about it", QuarantineRow::detail);

    private static QuarantineRow decode(Cells cells) {
        return new QuarantineRow(cells.text(), cells.text(), cells.text(), cells.text(), cells.text());
    }
}
