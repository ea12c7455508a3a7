package io.patella.evaluating;

import static org.apache.spark.sql.functions.col;

import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.row.EvaluationRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates all groups of a table of graded images in one Spark action: rows of a group meet in one task, which holds one group
 * at a time. A group's figures, intervals to the last bit, are those that {@link Evaluation} gives on one machine, whatever
 * the partitioning: the replicates are functions of seed and number, and rows are sorted before anything is summed.
 */
public final class GroupEvaluator implements Serializable {
    private static final Column[] KEY =
            GradedImages.COLUMNS.subList(0, 7).stream().map(name -> col(name)).toArray(Column[]::new);

    private final Bootstrap bootstrap;
    private final int smallestCell;

    /**
     * @param bootstrap how intervals are made; each task uses one thread
     * @param smallestCell strata other than {@code all} with fewer patients get no figures
     */
    public GroupEvaluator(Bootstrap bootstrap, int smallestCell) {
        this.bootstrap = bootstrap.withThreads(1);
        this.smallestCell = smallestCell;
    }

    /**
     * Evaluates.
     *
     * @param graded rows of {@link GradedImages}, each image once in a group
     * @return one per group, sorted by group
     */
    public List<GroupEvaluation> evaluate(Dataset<Row> graded) {
        int partitions = 4 * graded.sparkSession().sparkContext().defaultParallelism();
        return evaluate(graded, partitions);
    }

    /** As {@link #evaluate(Dataset)} in so many partitions; the result is the same for any number. */
    public List<GroupEvaluation> evaluate(Dataset<Row> graded, int partitions) {
        List<GroupEvaluation> found = new ArrayList<>(graded.repartition(partitions, KEY)
                .sortWithinPartitions(KEY)
                .javaRDD()
                .mapPartitions(rows -> new Groups(rows))
                .collect());
        found.sort(Comparator.comparing(evaluation -> evaluation.group().toString()));
        return found;
    }

    /** Cuts rows sorted by group into groups, and evaluates each. */
    private final class Groups implements Iterator<GroupEvaluation> {
        private final Iterator<Row> rows;
        private @Nullable Row ahead;

        Groups(Iterator<Row> rows) {
            this.rows = rows;
            this.ahead = rows.hasNext() ? rows.next() : null;
        }

        @Override
        public boolean hasNext() {
            return ahead != null;
        }

        @Override
        public GroupEvaluation next() {
            Row first = ahead;
            if (first == null) {
                throw new NoSuchElementException();
            }
            Group group = group(first);
            List<Prediction> predictions = new ArrayList<>();
            Row row = first;
            while (row != null && group(row).equals(group)) {
                predictions.add(prediction(row, MergedScale.is(group.scale())));
                row = rows.hasNext() ? rows.next() : null;
            }
            ahead = row;
            return evaluation(group, Predictions.of(predictions));
        }
    }

    private GroupEvaluation evaluation(Group group, Predictions predictions) {
        int patients = predictions.patients().size();
        boolean subgroup = !group.stratum().equals(EvaluationRow.ALL);
        if (subgroup && patients < smallestCell) {
            String note = "fewer than " + smallestCell + " patients: no figures";
            return new GroupEvaluation(group, predictions.images(), patients, null, note);
        }
        Evaluation evaluation = Evaluation.of(predictions, bootstrap);
        return MergedScale.is(group.scale())
                ? new GroupEvaluation(
                        group, predictions.images(), patients, MergedScale.corrected(evaluation), MergedScale.NOTE)
                : new GroupEvaluation(group, predictions.images(), patients, evaluation, null);
    }

    private static Group group(Row row) {
        return new Group(
                row.getString(0),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6));
    }

    /** The prediction in a row of {@link GradedImages}. */
    static Prediction prediction(Row row, boolean merged) {
        List<Double> p = row.isNullAt(11) ? List.of() : row.getList(11);
        double[] distribution = p.stream().mapToDouble(Double::doubleValue).toArray();
        int grade = row.getInt(9);
        return new Prediction(
                row.getString(7),
                row.getString(8),
                merged ? MergedScale.grade(grade) : grade,
                row.getInt(10),
                distribution.length == 0
                        ? null
                        : Distribution.of(merged ? MergedScale.distribution(distribution) : distribution),
                row.isNullAt(12) ? null : row.getDouble(12));
    }
}
