package io.patella.tables.row;

import java.util.List;

/** All tables, in the order in which data flow through them. */
public final class Tables {
    public static final List<TableDefinition<?>> ALL = List.of(
            RadiographRow.TABLE,
            PictureRow.TABLE,
            ReadingRow.TABLE,
            ReferenceGradeRow.TABLE,
            PartRow.TABLE,
            ModelRow.TABLE,
            GradeRow.TABLE,
            EvaluationRow.TABLE,
            CurveRow.TABLE,
            TrainingHistoryRow.TABLE,
            QuarantineRow.TABLE,
            RunRow.TABLE);

    private Tables() {}
}
