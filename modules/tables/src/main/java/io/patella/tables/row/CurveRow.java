package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import org.jspecify.annotations.Nullable;

/** A point of a curve; the comments of {@link #TABLE} say what each component is. */
public record CurveRow(
        String runId,
        String cohort,
        String split,
        String part,
        String model,
        String preparation,
        String curve,
        int point,
        double x,
        double y,
        @Nullable Double threshold,
        @Nullable Integer images) {
    public static final TableDefinition<CurveRow> TABLE = TableDefinition.of(
                    "curves", "A point of a ROC, precision-recall, reliability or decision curve", CurveRow::decode)
            .key("run_id", StringType, Words.RUN, CurveRow::runId)
            .key("cohort", StringType, Words.COHORT, CurveRow::cohort)
            .key("split", StringType, Words.SPLIT + "; all when the whole cohort is evaluated", CurveRow::split)
            .key("part", StringType, "train, validation, test, or all for the whole cohort", CurveRow::part)
            .key("model", StringType, Words.MODEL, CurveRow::model)
            .key("preparation", StringType, Words.PREPARATION, CurveRow::preparation)
            .key("curve", StringType, "Curve and what it is of, such as roc:grade=3 or pr:kl_ge_2", CurveRow::curve)
            .key("point", IntegerType, "Counts the points along the curve from 0", CurveRow::point)
            .required(
                    "x",
                    DoubleType,
                    "ROC: false positive rate; PR: recall; reliability: mean probability; decision: threshold",
                    CurveRow::x)
            .required(
                    "y",
                    DoubleType,
                    "ROC: true positive rate; PR: precision; reliability: observed share; decision: net benefit",
                    CurveRow::y)
            .optional("threshold", DoubleType, "Score from which on a picture counts as positive", CurveRow::threshold)
            .optional("images", IntegerType, "Pictures behind the point, where it has its own", CurveRow::images);

    private static CurveRow decode(Cells cells) {
        return new CurveRow(
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.integer(),
                cells.real(),
                cells.real(),
                cells.optionalReal(),
                cells.optionalInteger());
    }
}
