package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.patella.cohort.Part;
import org.jspecify.annotations.Nullable;

/** The part of a split that a patient is in; the comments of {@link #TABLE} say what each component is. */
public record PartRow(
        String cohort,
        String split,
        String patientId,
        @Nullable Integer stratum,
        Part part,
        String runId) {
    /** Name of the split that {@code patella split} makes, and of the one that is meant where none is named. */
    public static final String DEFAULT_SPLIT = "patella";

    /** A cohort may have several splits side by side, each with its name. */
    public static final TableDefinition<PartRow> TABLE = TableDefinition.of(
                    "parts", "The part of a split that a patient belongs to, with all knees", PartRow::decode)
            .key("cohort", StringType, Words.COHORT, PartRow::cohort)
            .key("split", StringType, Words.SPLIT, PartRow::split)
            .key("patient_id", StringType, Words.PATIENT, PartRow::patientId)
            .optional(
                    "stratum",
                    IntegerType,
                    "Highest reference grade of the patient, 0..4; null in splits published without strata",
                    PartRow::stratum)
            .required("part", StringType, "train, validation or test", row -> row.part.word())
            .required("run_id", StringType, Words.RUN, PartRow::runId)
            .partitionedBy("cohort");

    private static PartRow decode(Cells cells) {
        return new PartRow(
                cells.text(),
                cells.text(),
                cells.text(),
                cells.optionalInteger(),
                Part.parse(cells.text(), "parts.part"),
                cells.text());
    }
}
