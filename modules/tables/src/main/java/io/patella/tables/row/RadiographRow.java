package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.patella.cohort.Laterality;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A row of {@code radiographs}; the comments of {@link #TABLE} say what each component is. */
public record RadiographRow(
        String cohort,
        String imageId,
        String patientId,
        Laterality laterality,
        @Nullable String visit,
        @Nullable String hospital,
        String sourceUri,
        String sourceSha256,
        String pixelSha256,
        int width,
        int height,
        int bits,
        @Nullable Double spacingMm,
        @Nullable String device,
        boolean inverted,
        boolean overExposed,
        boolean bars,
        String runId,
        Instant ingestedAt) {
    /** Written last by ingest, after {@code pictures} and {@code readings}: a picture without its radiograph is not there yet. */
    public static final TableDefinition<RadiographRow> TABLE = TableDefinition.of(
                    "radiographs", "One picture of a knee: whose, where from, and its quality", RadiographRow::decode)
            .key("cohort", StringType, Words.COHORT, RadiographRow::cohort)
            .key("image_id", StringType, Words.IMAGE, RadiographRow::imageId)
            .required("patient_id", StringType, Words.PATIENT, RadiographRow::patientId)
            .required("laterality", StringType, "L, R, B (both knees) or U (unknown)", row -> row.laterality.code())
            .optional(
                    "visit",
                    StringType,
                    "Visit as the cohort counts them; null when there is but one",
                    RadiographRow::visit)
            .optional("hospital", StringType, "Where the picture was taken", RadiographRow::hospital)
            .required("source_uri", StringType, "File the picture came from", RadiographRow::sourceUri)
            .required(
                    "source_sha256",
                    StringType,
                    "SHA-256 of the file's bytes, 64 hex digits",
                    RadiographRow::sourceSha256)
            .required(
                    "pixel_sha256",
                    StringType,
                    "SHA-256 of the canonical 8-bit gray pixels, row by row: equal means the identical picture",
                    RadiographRow::pixelSha256)
            .required("width", IntegerType, "Columns of the canonical picture, in pixels", RadiographRow::width)
            .required("height", IntegerType, "Rows of the canonical picture, in pixels", RadiographRow::height)
            .required("bits", IntegerType, "Bits per sample in the file", RadiographRow::bits)
            .optional("spacing_mm", DoubleType, "Pixel spacing in millimetres", RadiographRow::spacingMm)
            .optional("device", StringType, "Machine that took the picture", RadiographRow::device)
            .required("inverted", BooleanType, "Quality: bone looks dark", RadiographRow::inverted)
            .required("over_exposed", BooleanType, "Quality: close to white throughout", RadiographRow::overExposed)
            .required("bars", BooleanType, "Quality: constant bars along an edge", RadiographRow::bars)
            .required("run_id", StringType, Words.RUN, RadiographRow::runId)
            .required("ingested_at", TimestampType, "When the picture was ingested", RadiographRow::ingestedAt)
            .partitionedBy("cohort");

    public RadiographRow {
        ingestedAt = ingestedAt.truncatedTo(ChronoUnit.MICROS);
    }

    private static RadiographRow decode(Cells cells) {
        return new RadiographRow(
                cells.text(),
                cells.text(),
                cells.text(),
                Laterality.parse(cells.text(), "radiographs.laterality"),
                cells.optionalText(),
                cells.optionalText(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.integer(),
                cells.integer(),
                cells.integer(),
                cells.optionalReal(),
                cells.optionalText(),
                cells.flag(),
                cells.flag(),
                cells.flag(),
                cells.text(),
                cells.instant());
    }
}
