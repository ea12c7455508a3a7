package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import org.jspecify.annotations.Nullable;

/** A row of {@code training_history}; the comments of {@link #TABLE} say what each component is. */
public record TrainingHistoryRow(
        String model,
        int epoch,
        String part,
        String metric,
        @Nullable Double value,
        String runId) {
    public static final TableDefinition<TrainingHistoryRow> TABLE = TableDefinition.of(
                    "training_history", "A point of a learning curve", TrainingHistoryRow::decode)
            .key("model", StringType, Words.MODEL, TrainingHistoryRow::model)
            .key("epoch", IntegerType, "Epoch, from 1", TrainingHistoryRow::epoch)
            .key("part", StringType, "Part the metric was taken on: train or validation", TrainingHistoryRow::part)
            .key("metric", StringType, "Metric, such as loss, accuracy, qwk, learning_rate", TrainingHistoryRow::metric)
            .optional("value", DoubleType, "Value of the metric; null where undefined", TrainingHistoryRow::value)
            .required("run_id", StringType, Words.RUN, TrainingHistoryRow::runId);

    private static TrainingHistoryRow decode(Cells cells) {
        return new TrainingHistoryRow(
                cells.text(), cells.integer(), cells.text(), cells.text(), cells.optionalReal(), cells.text());
    }
}
