package io.patella.tables;

import static io.patella.tables.row.TableDefinition.CATALOG;
import static io.patella.tables.row.TableDefinition.NAMESPACE;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A view for people: a question that is asked often, answered in SQL over the tables.
 *
 * @param name within the namespace
 * @param comment what a row is
 * @param schema the columns with types and comments, in order; which of them may be null, the query decides
 * @param query the SQL, in Spark's dialect; gives just those columns
 */
public record View(String name, String comment, StructType schema, String query) {
    private static final DataType REALS = createArrayType(DoubleType);
    private static final DataType TEXT_BY_NAME = createMapType(StringType, StringType);

    /** One row per radiograph and model that graded it. */
    public static final View KNEE_GRADES = new View(
            "knee_grades",
            "One row per knee and model: reference grade, newest grade of the model, part."
                    + " A knee that no model has graded yet has one row with nulls",
            schema(
                    column("cohort", StringType, "Name of the cohort"),
                    column("image_id", StringType, "Picture, unique within the cohort"),
                    column("patient_id", StringType, "Whose knee"),
                    column("laterality", StringType, "L, R, B (both knees) or U (unknown)"),
                    column("visit", StringType, "Visit as the cohort counts them; null when there is but one"),
                    column("hospital", StringType, "Where the picture was taken"),
                    column("device", StringType, "Machine that took the picture"),
                    column(
                            "reference_grade",
                            IntegerType,
                            "The grade that counts, 0..4; null when readers disagree or nobody read"),
                    column(
                            "protocol",
                            StringType,
                            "How the reference grade was agreed: single, unanimous or crossover"),
                    column("stratum", IntegerType, "Highest reference grade of the patient, by the split patella"),
                    column("part", StringType, "train, validation or test, by the split patella"),
                    column("parts", TEXT_BY_NAME, "Part by name of split, such as parts['chen2019']"),
                    column("model", StringType, "Hash of the bundle"),
                    column("model_name", StringType, "Name of the bundle for people"),
                    column("preparation", StringType, "Hash of the preparation of the newest grade"),
                    column("model_grade", IntegerType, "The model's newest grade, 0..4"),
                    column("scale", StringType, "Grades that the model tells apart"),
                    column("p_kl_ge_2", DoubleType, "The model's p(KL >= 2)"),
                    column("distribution", REALS, "The model's p(grade = k)"),
                    column("inverted", BooleanType, "Quality: bone looks dark"),
                    column("over_exposed", BooleanType, "Quality: close to white throughout"),
                    column("bars", BooleanType, "Quality: constant bars along an edge"),
                    column("graded_at", TimestampType, "When the picture was graded")),
            """
            WITH newest AS (
              SELECT * FROM (
                SELECT *, row_number() OVER (
                  PARTITION BY cohort, image_id, model ORDER BY graded_at DESC, preparation) AS newness
                FROM patella.knee.grades)
              WHERE newness = 1),
            splits AS (
              SELECT cohort, patient_id,
                map_from_entries(array_sort(collect_set(struct(split, part)))) AS parts,
                max(part) FILTER (WHERE split = 'patella') AS part,
                max(stratum) FILTER (WHERE split = 'patella') AS stratum
              FROM (
                SELECT cohort, split, patient_id, max(part) AS part, max(stratum) AS stratum
                FROM patella.knee.parts GROUP BY cohort, split, patient_id)
              GROUP BY cohort, patient_id)
            SELECT r.cohort, r.image_id, r.patient_id, r.laterality, r.visit, r.hospital, r.device,
              f.grade AS reference_grade, f.protocol, s.stratum, s.part, s.parts,
              g.model, m.name AS model_name, g.preparation, g.grade AS model_grade, g.scale, g.p_kl_ge_2,
              g.distribution, r.inverted, r.over_exposed, r.bars, g.graded_at
            FROM patella.knee.radiographs r
            LEFT JOIN patella.knee.reference_grades f ON f.cohort = r.cohort AND f.image_id = r.image_id
            LEFT JOIN splits s ON s.cohort = r.cohort AND s.patient_id = r.patient_id
            LEFT JOIN newest g ON g.cohort = r.cohort AND g.image_id = r.image_id
            LEFT JOIN patella.knee.models m ON m.model = g.model
            """);

    /** One row per patient and model. */
    public static final View PATIENT_GRADES = new View(
            "patient_grades",
            "One row per patient and model: the highest grade over the patient's knees",
            schema(
                    column("cohort", StringType, "Name of the cohort"),
                    column("patient_id", StringType, "The patient"),
                    column("hospital", StringType, "Where the pictures were taken, when all were taken at one place"),
                    column("model", StringType, "Hash of the bundle"),
                    column("model_name", StringType, "Name of the bundle for people"),
                    column("part", StringType, "train, validation or test, by the split patella"),
                    column("images", LongType, "Radiographs of the patient"),
                    column("reference_images", LongType, "Radiographs with a reference grade"),
                    column("reference_grade", IntegerType, "Highest reference grade"),
                    column("model_grade", IntegerType, "Highest grade of the model"),
                    column("p_kl_ge_2", DoubleType, "Highest p(KL >= 2) of the model")),
            """
            SELECT cohort, patient_id,
              CASE WHEN count(DISTINCT hospital) = 1 THEN max(hospital) END AS hospital,
              model, max(model_name) AS model_name, max(part) AS part,
              count(DISTINCT image_id) AS images, count(reference_grade) AS reference_images,
              max(reference_grade) AS reference_grade, max(model_grade) AS model_grade,
              max(p_kl_ge_2) AS p_kl_ge_2
            FROM patella.knee.knee_grades
            GROUP BY cohort, patient_id, model
            """);

    /** One row per pair of readers. */
    public static final View READER_AGREEMENT = new View(
            "reader_agreement",
            "One row per pair of readers of a cohort: agreement on the pictures that both read (first reading of each)",
            schema(
                    column("cohort", StringType, "Name of the cohort"),
                    column("reader_a", StringType, "One reader"),
                    column("reader_b", StringType, "The other; later in the alphabet"),
                    column("images", LongType, "Pictures that both read"),
                    column("percent_agreement", DoubleType, "Share of equal grades, 0..1"),
                    column("adjacent_agreement", DoubleType, "Share of grades at most one apart, 0..1"),
                    column(
                            "kappa",
                            DoubleType,
                            "Cohen's kappa, unweighted; null when both always give one and the same grade"),
                    column("kappa_quadratic", DoubleType, "Cohen's kappa, quadratic weights (QWK); null likewise"),
                    column("mean_difference", DoubleType, "Mean of reader_a's grade minus reader_b's")),
            """
            WITH first AS (
              SELECT cohort, image_id, reader, grade FROM (
                SELECT *, row_number() OVER (
                  PARTITION BY cohort, image_id, reader ORDER BY stage NULLS FIRST, reading) AS place
                FROM patella.knee.readings)
              WHERE place = 1),
            pairs AS (
              SELECT a.cohort, a.reader AS reader_a, b.reader AS reader_b, a.grade AS a, b.grade AS b
              FROM first a JOIN first b
                ON a.cohort = b.cohort AND a.image_id = b.image_id AND a.reader < b.reader),
            sums AS (
              SELECT cohort, reader_a, reader_b, count(*) AS n,
                count_if(a = b) AS equal, count_if(abs(a - b) <= 1) AS near,
                sum(cast((a - b) * (a - b) AS bigint)) AS observed,
                sum(cast(a AS bigint)) AS sa, sum(cast(b AS bigint)) AS sb,
                sum(cast(a * a AS bigint)) AS saa, sum(cast(b * b AS bigint)) AS sbb,
                count_if(a = 0) * count_if(b = 0) + count_if(a = 1) * count_if(b = 1)
                  + count_if(a = 2) * count_if(b = 2) + count_if(a = 3) * count_if(b = 3)
                  + count_if(a = 4) * count_if(b = 4) AS chance
              FROM pairs GROUP BY cohort, reader_a, reader_b)
            SELECT cohort, reader_a, reader_b, n AS images,
              cast(equal AS double) / n AS percent_agreement,
              cast(near AS double) / n AS adjacent_agreement,
              CASE WHEN n * n > chance
                THEN cast(n * equal - chance AS double) / cast(n * n - chance AS double) END AS kappa,
              CASE WHEN n * (saa + sbb) - 2 * sa * sb > 0
                THEN 1 - cast(n * observed AS double) / cast(n * (saa + sbb) - 2 * sa * sb AS double)
                END AS kappa_quadratic,
              cast(sa - sb AS double) / n AS mean_difference
            FROM sums
            """);

    /** All views, each after those it stands on. */
    public static final List<View> ALL = List.of(KNEE_GRADES, PATIENT_GRADES, READER_AGREEMENT);

    /** The name in SQL, such as {@code patella.knee.knee_grades}. */
    public String identifier() {
        return CATALOG + "." + NAMESPACE + "." + name;
    }

    private static StructType schema(StructField... columns) {
        return new StructType(columns);
    }

    private static StructField column(String name, DataType type, String comment) {
        return new StructField(name, type, true, Metadata.empty()).withComment(comment);
    }
}
