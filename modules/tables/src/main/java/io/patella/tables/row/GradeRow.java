package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.patella.cohort.Grade;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model's grade of a radiograph; the comments of {@link #TABLE} say what each component is. */
public record GradeRow(
        String cohort,
        String imageId,
        String model,
        String preparation,
        @Nullable List<Double> ordinal,
        @Nullable List<Double> distribution,
        @Nullable Double binary,
        int grade,
        String scale,
        @Nullable Double pKlGe2,
        String mode,
        String runId,
        Instant gradedAt,
        @Nullable String flag,
        @Nullable Double atypicality) {
    /** The scale of graders that tell all five grades apart. */
    public static final String FULL_SCALE = "0,1,2,3,4";

    /** Never rewritten: another model or preparation adds rows beside the old ones. */
    public static final TableDefinition<GradeRow> TABLE = TableDefinition.of(
                    "grades", "A model's grade of one radiograph, prepared in one way", GradeRow::decode)
            .key("cohort", StringType, Words.COHORT, GradeRow::cohort)
            .key("image_id", StringType, Words.IMAGE, GradeRow::imageId)
            .key("model", StringType, Words.MODEL, GradeRow::model)
            .key("preparation", StringType, Words.PREPARATION, GradeRow::preparation)
            .optional("ordinal", Words.REALS, "p(grade > k), k = 0..3; null without such a head", GradeRow::ordinal)
            .optional(
                    "distribution",
                    Words.REALS,
                    "p(grade = k), k = 0..4, on the scale of the model; null without such a head",
                    GradeRow::distribution)
            .optional("binary", DoubleType, "p(KL >= 2) of the binary head; null without such a head", GradeRow::binary)
            .required("grade", IntegerType, "Decoded Kellgren-Lawrence grade, 0..4", GradeRow::grade)
            .required(
                    "scale",
                    StringType,
                    "Grades that the model tells apart: 0,1,2,3,4 or the merged 0,2,3,4",
                    GradeRow::scale)
            .optional("p_kl_ge_2", DoubleType, "p(KL >= 2), p(2) + p(3) + p(4) of the distribution", GradeRow::pKlGe2)
            .required("mode", StringType, "Execution mode, such as cpu-f32-strict", GradeRow::mode)
            .required("run_id", StringType, Words.RUN, GradeRow::runId)
            .required("graded_at", TimestampType, "When the picture was graded", GradeRow::gradedAt)
            .optional(
                    "flag",
                    StringType,
                    "Why the grade should not be believed: BLANK or OUT_OF_DISTRIBUTION; null when nothing speaks against it",
                    GradeRow::flag)
            .optional(
                    "atypicality",
                    DoubleType,
                    "Distance from the pictures that the model learned from, over that within which 99.5 % of its validation part "
                            + "lie; null for models that do not know it",
                    GradeRow::atypicality)
            .partitionedBy("cohort");

    public GradeRow {
        Grade.checked(grade, "grade of " + imageId);
        ordinal = ordinal == null ? null : List.copyOf(ordinal);
        distribution = distribution == null ? null : List.copyOf(distribution);
        gradedAt = gradedAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** A row of a picture that nothing speaks against, by a model that does not know which are typical. */
    public GradeRow(
            String cohort,
            String imageId,
            String model,
            String preparation,
            @Nullable List<Double> ordinal,
            @Nullable List<Double> distribution,
            @Nullable Double binary,
            int grade,
            String scale,
            @Nullable Double pKlGe2,
            String mode,
            String runId,
            Instant gradedAt) {
        this(
                cohort,
                imageId,
                model,
                preparation,
                ordinal,
                distribution,
                binary,
                grade,
                scale,
                pKlGe2,
                mode,
                runId,
                gradedAt,
                null,
                null);
    }

    private static GradeRow decode(Cells cells) {
        return new GradeRow(
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.optionalReals(),
                cells.optionalReals(),
                cells.optionalReal(),
                cells.integer(),
                cells.text(),
                cells.optionalReal(),
                cells.text(),
                cells.text(),
                cells.instant(),
                cells.optionalText(),
                cells.optionalReal());
    }
}
