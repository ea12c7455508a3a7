package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.patella.cohort.Grade;
import io.patella.cohort.Reading;
import org.jspecify.annotations.Nullable;

/** A grade given by a reader; the comments of {@link #TABLE} say what each component is. */
public record ReadingRow(
        String cohort,
        String imageId,
        String reader,
        @Nullable String stage,
        int reading,
        int grade,
        String runId) {
    /** Readings are never thrown away, whatever becomes of them in the consensus. */
    public static final TableDefinition<ReadingRow> TABLE = TableDefinition.of(
                    "readings", "One reader's grade of one radiograph", ReadingRow::decode)
            .key("cohort", StringType, Words.COHORT, ReadingRow::cohort)
            .key("image_id", StringType, Words.IMAGE, ReadingRow::imageId)
            .key("reader", StringType, "Who read", ReadingRow::reader)
            .optionalKey("stage", StringType, "Stage of the protocol; null when it has none", ReadingRow::stage)
            .key(
                    "reading",
                    IntegerType,
                    "Counts from 1 the readings of this picture by this reader in this stage",
                    ReadingRow::reading)
            .required("grade", IntegerType, "Kellgren-Lawrence grade, 0..4", ReadingRow::grade)
            .required("run_id", StringType, Words.RUN, ReadingRow::runId)
            .partitionedBy("cohort");

    public ReadingRow {
        Grade.checked(grade, "reading of " + imageId + " by " + reader);
    }

    private static ReadingRow decode(Cells cells) {
        return new ReadingRow(
                cells.text(),
                cells.text(),
                cells.text(),
                cells.optionalText(),
                cells.integer(),
                cells.integer(),
                cells.text());
    }

    /** The row of {@code reading} in a cohort. */
    public static ReadingRow of(String cohort, Reading reading, String runId) {
        return new ReadingRow(
                cohort,
                reading.imageId(),
                reading.reader(),
                reading.stage(),
                reading.reading(),
                reading.grade(),
                runId);
    }

    /** The reading alone. */
    public Reading toReading() {
        return new Reading(imageId, reader, stage, reading, grade);
    }
}
