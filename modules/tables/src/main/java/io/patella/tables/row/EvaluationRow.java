package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import org.jspecify.annotations.Nullable;

/** A row of {@code evaluations}; the comments of {@link #TABLE} say what each component is. */
public record EvaluationRow(
        String runId,
        String cohort,
        String split,
        String part,
        String model,
        String preparation,
        String metric,
        String stratum,
        @Nullable Double estimate,
        @Nullable Double lower,
        @Nullable Double upper,
        int images,
        int patients,
        @Nullable Integer resamples,
        @Nullable Long seed,
        @Nullable String note) {
    /** Stands for the whole where a part or a stratum could be named. */
    public static final String ALL = "all";

    /** One row per figure; evaluations are kept, so that tonight's stand beside last night's. */
    public static final TableDefinition<EvaluationRow> TABLE = TableDefinition.of(
                    "evaluations", "A figure of merit of a model on a part of a cohort", EvaluationRow::decode)
            .key("run_id", StringType, Words.RUN, EvaluationRow::runId)
            .key("cohort", StringType, Words.COHORT, EvaluationRow::cohort)
            .key("split", StringType, Words.SPLIT + "; all when the whole cohort is evaluated", EvaluationRow::split)
            .key("part", StringType, "train, validation, test, or all for the whole cohort", EvaluationRow::part)
            .key("model", StringType, Words.MODEL, EvaluationRow::model)
            .key("preparation", StringType, Words.PREPARATION, EvaluationRow::preparation)
            .key("metric", StringType, "Metric, such as qwk, accuracy, macro_f1, mae", EvaluationRow::metric)
            .key("stratum", StringType, "Subgroup, such as grade=3; all for everybody", EvaluationRow::stratum)
            .optional("estimate", DoubleType, "The figure; null where undefined", EvaluationRow::estimate)
            .optional("lower", DoubleType, "Lower end of the 95 % interval; null without one", EvaluationRow::lower)
            .optional("upper", DoubleType, "Upper end of the 95 % interval; null without one", EvaluationRow::upper)
            .required("images", IntegerType, "Pictures evaluated", EvaluationRow::images)
            .required("patients", IntegerType, "Patients evaluated", EvaluationRow::patients)
            .optional("resamples", IntegerType, "Bootstrap resamples of the interval", EvaluationRow::resamples)
            .optional("seed", LongType, "Seed of the bootstrap", EvaluationRow::seed)
            .optional("note", StringType, "Why the figure is undefined, or what limits it", EvaluationRow::note);

    private static EvaluationRow decode(Cells cells) {
        return new EvaluationRow(
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.optionalReal(),
                cells.optionalReal(),
                cells.optionalReal(),
                cells.integer(),
                cells.integer(),
                cells.optionalInteger(),
                cells.optionalBigint(),
                cells.optionalText());
    }
}
