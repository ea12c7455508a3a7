package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.Part;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RadiographRow;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which images are in a part: those of the patients whom the split puts there. */
final class PartImages {
    private PartImages() {}

    /** One column, {@code image_id}. */
    static Dataset<Row> of(Warehouse warehouse, String cohort, String split, Part part) {
        Dataset<Row> patients = warehouse
                .read(PartRow.TABLE, cohort)
                .where(col("split").equalTo(split).and(col("part").equalTo(part.word())))
                .select("patient_id");
        return warehouse
                .read(RadiographRow.TABLE, cohort)
                .join(patients, "patient_id")
                .select("image_id");
    }
}
