package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A registered bundle; the comments of {@link #TABLE} say what each component is. */
public record ModelRow(
        String model,
        String name,
        String uri,
        String architecture,
        String preparation,
        String card,
        String runId,
        Instant registeredAt) {
    /** One row per bundle, whoever made it: {@code train} writes it, and {@code grade} for bundles from elsewhere. */
    public static final TableDefinition<ModelRow> TABLE = TableDefinition.of(
                    "models", "A bundle that has graded or was trained here", ModelRow::decode)
            .key("model", StringType, Words.MODEL, ModelRow::model)
            .required("name", StringType, "Name for people, such as kl-fusenet-small", ModelRow::name)
            .required("uri", StringType, "Where the bundle lay when it was registered", ModelRow::uri)
            .required(
                    "architecture", StringType, "Architecture as the bundle describes it, JSON", ModelRow::architecture)
            .required("preparation", StringType, Words.PREPARATION, ModelRow::preparation)
            .required("card", StringType, "The bundle's card, Markdown", ModelRow::card)
            .required("run_id", StringType, Words.RUN, ModelRow::runId)
            .required("registered_at", TimestampType, "When the row was written", ModelRow::registeredAt);

    public ModelRow {
        registeredAt = registeredAt.truncatedTo(ChronoUnit.MICROS);
    }

    private static ModelRow decode(Cells cells) {
        return new ModelRow(
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.instant());
    }
}
