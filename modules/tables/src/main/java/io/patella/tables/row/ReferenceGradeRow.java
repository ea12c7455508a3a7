package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.patella.cohort.Grade;
import io.patella.cohort.ReferenceGrade;
import java.util.List;

/** A row of {@code reference_grades}; the comments of {@link #TABLE} say what each component is. */
public record ReferenceGradeRow(
        String cohort, String imageId, int grade, String protocol, List<String> readers, String runId) {
    /** Replaced as a whole, per cohort, by each consensus that comes to another result. */
    public static final TableDefinition<ReferenceGradeRow> TABLE = TableDefinition.of(
                    "reference_grades",
                    "The grade that counts for a radiograph, by which protocol, from whom",
                    ReferenceGradeRow::decode)
            .key("cohort", StringType, Words.COHORT, ReferenceGradeRow::cohort)
            .key("image_id", StringType, Words.IMAGE, ReferenceGradeRow::imageId)
            .required("grade", IntegerType, "Kellgren-Lawrence grade, 0..4", ReferenceGradeRow::grade)
            .required("protocol", StringType, "single, unanimous or crossover", ReferenceGradeRow::protocol)
            .required("readers", Words.TEXTS, "Who read, sorted", ReferenceGradeRow::readers)
            .required("run_id", StringType, Words.RUN, ReferenceGradeRow::runId)
            .partitionedBy("cohort");

    public ReferenceGradeRow {
        Grade.checked(grade, "reference grade of " + imageId);
        readers = List.copyOf(readers);
    }

    private static ReferenceGradeRow decode(Cells cells) {
        return new ReferenceGradeRow(
                cells.text(), cells.text(), cells.integer(), cells.text(), cells.texts(), cells.text());
    }

    /** The row of {@code reference} in a cohort. */
    public static ReferenceGradeRow of(String cohort, ReferenceGrade reference, String runId) {
        return new ReferenceGradeRow(
                cohort, reference.imageId(), reference.grade(), reference.protocol(), reference.readers(), runId);
    }

    /** The reference grade alone. */
    public ReferenceGrade toReferenceGrade() {
        return new ReferenceGrade(imageId, grade, protocol, readers);
    }
}
