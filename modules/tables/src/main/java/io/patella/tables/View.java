package io.patella.tables;

import static io.patella.tables.row.TableDefinition.CATALOG;
import static io.patella.tables.row.TableDefinition.NAMESPACE;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A view for people: a question that is asked often, answered in SQL over the tables.
 *
 * @param name within the namespace
 * @param comment what a row is
 * @param columns the columns' comments by name, in order
 * @param query the SQL
 */
public record View(String name, String comment, Map<String, String> columns, String query) {
    /** One row per radiograph and model that graded it. */
    public static final View KNEE_GRADES = new View(
            "knee_grades",
            "One row per knee and model: reference grade, newest grade of the model, part."
                    + " A knee that no model has graded yet has one row with nulls",
            comments(
                    "cohort", "Name of the cohort",
                    "image_id", "Picture, unique within the cohort",
                    "patient_id", "Whose knee",
                    "laterality", "L, R, B (both knees) or U (unknown)",
                    "visit", "Visit as the cohort counts them; null when there is but one",
                    "hospital", "Where the picture was taken",
                    "device", "Machine that took the picture",
                    "reference_grade", "The grade that counts, 0..4; null when readers disagree or nobody read",
                    "protocol", "How the reference grade was agreed: single, unanimous or crossover",
                    "stratum", "Highest reference grade of the patient, by the split patella",
                    "part", "train, validation or test, by the split patella",
                    "parts", "Part by name of split, such as parts['chen2019']",
                    "model", "Hash of the bundle",
                    "model_name", "Name of the bundle for people",
                    "preparation", "Hash of the preparation of the newest grade",
                    "model_grade", "The model's newest grade, 0..4",
                    "scale", "Grades that the model tells apart",
                    "p_kl_ge_2", "The model's p(KL >= 2)",
                    "distribution", "The model's p(grade = k)",
                    "inverted", "Quality: bone looks dark",
                    "over_exposed", "Quality: close to white throughout",
                    "bars", "Quality: constant bars along an edge",
                    "graded_at", "When the picture was graded"),
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
            comments(
                    "cohort", "Name of the cohort",
                    "patient_id", "The patient",
                    "hospital", "Where the pictures were taken, when all were taken at one place",
                    "model", "Hash of the bundle",
                    "model_name", "Name of the bundle for people",
                    "part", "train, validation or test, by the split patella",
                    "images", "Radiographs of the patient",
                    "reference_images", "Radiographs with a reference grade",
                    "reference_grade", "Highest reference grade",
                    "model_grade", "Highest grade of the model",
                    "p_kl_ge_2", "Highest p(KL >= 2) of the model"),
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
            comments(
                    "cohort", "Name of the cohort",
                    "reader_a", "One reader",
                    "reader_b", "The other; later in the alphabet",
                    "images", "Pictures that both read",
                    "percent_agreement", "Share of equal grades, 0..1",
                    "adjacent_agreement", "Share of grades at most one apart, 0..1",
                    "kappa", "Cohen's kappa, unweighted; null when both always give one and the same grade",
                    "kappa_quadratic", "Cohen's kappa, quadratic weights (QWK); null likewise",
                    "mean_difference", "Mean of reader_a's grade minus reader_b's"),
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

    /** The statement that makes the view, whether or not it exists. */
    String statement() {
        return "CREATE OR REPLACE VIEW " + identifier() + " ("
                + columns.entrySet().stream()
                        .map(column -> column.getKey() + " COMMENT " + quoted(column.getValue()))
                        .collect(Collectors.joining(", "))
                + ") COMMENT " + quoted(comment) + " AS\n" + query;
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static Map<String, String> comments(String... namesAndComments) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < namesAndComments.length; i += 2) {
            all.put(namesAndComments[i], namesAndComments[i + 1]);
        }
        return all;
    }
}
