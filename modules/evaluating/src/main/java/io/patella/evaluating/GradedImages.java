package io.patella.evaluating;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.patella.cohort.InputException;
import io.patella.statistics.evaluation.Subgroup;
import io.patella.tables.Warehouse;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Graded images beside the grade they are held against, one row per image, model and stratum; the input of {@link
 * GroupEvaluator}. Nothing is read before an action.
 */
public final class GradedImages {
    /** The columns, in order. */
    static final List<String> COLUMNS = List.of(
            "cohort",
            "split",
            "part",
            "model",
            "preparation",
            "scale",
            "stratum",
            "image_id",
            "patient_id",
            "grade",
            "predicted",
            "distribution",
            "p_kl_ge_2");

    private final Warehouse warehouse;
    private final String cohort;
    private final String split;
    private final @Nullable String part;
    private final @Nullable Dataset<Row> covariates;

    /**
     * @param part word of the part; null for the whole cohort, which then needs no split
     */
    public GradedImages(Warehouse warehouse, String cohort, String split, @Nullable String part) {
        this(warehouse, cohort, part == null ? EvaluationRow.ALL : split, part, null);
    }

    private GradedImages(
            Warehouse warehouse,
            String cohort,
            String split,
            @Nullable String part,
            @Nullable Dataset<Row> covariates) {
        this.warehouse = warehouse;
        this.cohort = cohort;
        this.split = split;
        this.part = part;
        this.covariates = covariates;
    }

    /**
     * The same images with more columns to make strata of.
     *
     * @param more first column {@code image_id} or {@code patient_id}, one row each; images without a row are missing there
     */
    public GradedImages with(Dataset<Row> more) {
        return new GradedImages(warehouse, cohort, split, part, more);
    }

    /**
     * Against the reference grades: stratum {@code all}, and one {@code column=value} for each of {@code columns}.
     *
     * @param columns columns of {@code radiographs} or of what {@link #with} added
     * @throws InputException for a column that neither has
     */
    public Dataset<Row> againstReference(List<String> columns) {
        Dataset<Row> reference = warehouse
                .read(ReferenceGradeRow.TABLE, cohort)
                .select(col("image_id").as("held_image"), col("grade").as("held_grade"));
        List<Column> strata = new ArrayList<>();
        strata.add(lit(EvaluationRow.ALL));
        for (String column : columns) {
            strata.add(stratum(column));
        }
        return rows(reference, strata, lit(true));
    }

    /**
     * Against each reader by himself (his first reading of an image): strata {@code reader=R}, and of images that at least two
     * read {@code reader=R, readers agree} and {@code reader=R, readers disagree}. So a model is seen where readers were sure
     * and where they were not, beside what readers themselves reach.
     */
    public Dataset<Row> againstReaders() {
        Dataset<Row> readings = firstReadings()
                .withColumn("readers", count(lit(1)).over(Window.partitionBy("image_id")))
                .withColumn("lowest", min("grade").over(Window.partitionBy("image_id")))
                .withColumn("highest", max("grade").over(Window.partitionBy("image_id")))
                .select(
                        col("image_id").as("held_image"),
                        col("grade").as("held_grade"),
                        concat(lit("reader="), col("reader")).as("held_reader"),
                        when(col("readers").lt(2), lit(null))
                                .when(col("lowest").equalTo(col("highest")), lit(", readers agree"))
                                .otherwise(lit(", readers disagree"))
                                .as("held_agreement"));
        return rows(
                readings,
                List.of(col("held_reader"), concat(col("held_reader"), col("held_agreement"))),
                col("stratum").isNotNull());
    }

    /** Each reader's first reading of each image of the part. */
    public Dataset<Row> firstReadings() {
        Dataset<Row> first = warehouse
                .read(ReadingRow.TABLE, cohort)
                .withColumn(
                        "place",
                        row_number()
                                .over(Window.partitionBy("image_id", "reader")
                                        .orderBy(col("stage").asc_nulls_first(), col("reading"))))
                .where(col("place").equalTo(1))
                .select("image_id", "reader", "grade");
        return part == null ? first : first.join(patients(radiographs()).select("image_id"), "image_id");
    }

    private Dataset<Row> rows(Dataset<Row> reference, List<Column> strata, Column condition) {
        Dataset<Row> radiographs = patients(radiographs());
        if (covariates != null) {
            radiographs = radiographs.join(
                    covariates,
                    CollectionConverters.asScala(List.of(covariates.columns()[0]))
                            .toSeq(),
                    "left");
        }
        Dataset<Row> grades = warehouse
                .read(GradeRow.TABLE, cohort)
                .select(
                        col("image_id").as("graded_image"),
                        col("model"),
                        col("preparation"),
                        col("scale"),
                        col("grade").as("predicted"),
                        col("distribution"),
                        col("p_kl_ge_2"));
        Dataset<Row> joined = radiographs
                .join(grades, radiographs.col("image_id").equalTo(grades.col("graded_image")))
                .join(reference, radiographs.col("image_id").equalTo(reference.col("held_image")))
                .withColumn("stratum", explode(array(strata.toArray(Column[]::new))))
                .withColumn("split", lit(split))
                .withColumn("part", lit(part == null ? EvaluationRow.ALL : part))
                .withColumn("grade", col("held_grade"));
        return joined.where(condition).select(COLUMNS.stream().map(c -> col(c)).toArray(Column[]::new));
    }

    private Dataset<Row> radiographs() {
        return warehouse.read(RadiographRow.TABLE, cohort);
    }

    private Dataset<Row> patients(Dataset<Row> radiographs) {
        if (part == null) {
            return radiographs;
        }
        Dataset<Row> parts = warehouse
                .read(PartRow.TABLE, cohort)
                .where(col("split").equalTo(split).and(col("part").equalTo(part)))
                .select("patient_id");
        return radiographs.join(parts, "patient_id");
    }

    private Column stratum(String column) {
        List<String> known =
                new ArrayList<>(Arrays.asList(RadiographRow.TABLE.schema().fieldNames()));
        if (covariates != null) {
            known.addAll(Arrays.asList(covariates.columns()));
        }
        if (!known.contains(column)) {
            throw new InputException(
                    "--subgroup",
                    "radiographs have no such column",
                    column,
                    "they have: " + known + "; --covariates F.csv adds others");
        }
        Column text = col(column).cast("string");
        Column value = when(trim(text).equalTo(""), lit(null)).otherwise(text);
        return concat(lit(column + "="), coalesce(value, lit(Subgroup.MISSING)));
    }
}
