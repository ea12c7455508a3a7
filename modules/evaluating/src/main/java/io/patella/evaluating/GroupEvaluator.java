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
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates all groups of a table of graded images in one Spark action: rows of a group meet in one task, which holds one group
 * at a time. A group too large for one task to resample is passed over there, and its replicates are spread over all tasks
 * afterwards ({@link SpreadBootstrap}). A group's figures, intervals to the last bit, are those that {@link Evaluation} gives on one machine, whatever
 * the partitioning: the replicates are functions of seed and number, and rows are sorted before anything is summed.
 */
public final class GroupEvaluator implements Serializable {
    private static final Column[] KEY =
            GradedImages.COLUMNS.subList(0, 7).stream().map(name -> col(name)).toArray(Column[]::new);

    /** Images above which the replicates of a group are spread over tasks. */
    private static final int LARGE = 50_000;

    private final Bootstrap bootstrap;
    private final int smallestCell;
    private final int large;

    /**
     * @param bootstrap how intervals are made; each task uses one thread
     * @param smallestCell strata other than {@code all} with fewer patients get no figures
     */
    public GroupEvaluator(Bootstrap bootstrap, int smallestCell) {
        this(bootstrap, smallestCell, LARGE);
    }

    /** As {@link #GroupEvaluator(Bootstrap, int)}, with groups of more than {@code large} images spread. */
    GroupEvaluator(Bootstrap bootstrap, int smallestCell, int large) {
        this.bootstrap = bootstrap.withThreads(1);
        this.smallestCell = smallestCell;
        this.large = large;
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
        found.replaceAll(each -> each.images() > large && each.note() == null && each.evaluation() == null
                ? spread(graded, each.group(), partitions)
                : each);
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
            int images = 0;
            Row row = first;
            while (row != null && group(row).equals(group)) {
                images++;
                if (images <= large) {
                    predictions.add(prediction(row, MergedScale.is(group.scale())));
                } else {
                    predictions.clear();
                }
                row = rows.hasNext() ? rows.next() : null;
            }
            ahead = row;
            return images > large
                    ? new GroupEvaluation(group, images, 0, null, null)
                    : evaluation(group, Predictions.of(predictions), each -> Evaluation.of(each, bootstrap));
        }
    }

    /** Brings one large group to the driver and resamples it in so many tasks. */
    private GroupEvaluation spread(Dataset<Row> graded, Group group, int slices) {
        Column same = col("cohort")
                .equalTo(group.cohort())
                .and(col("split").equalTo(group.split()))
                .and(col("part").equalTo(group.part()))
                .and(col("model").equalTo(group.model()))
                .and(col("preparation").equalTo(group.preparation()))
                .and(col("scale").equalTo(group.scale()))
                .and(col("stratum").equalTo(group.stratum()));
        List<Prediction> predictions = new ArrayList<>();
        Iterator<Row> rows = graded.where(same).toLocalIterator();
        while (rows.hasNext()) {
            predictions.add(prediction(rows.next(), MergedScale.is(group.scale())));
        }
        return evaluation(
                group,
                Predictions.of(predictions),
                each -> SpreadBootstrap.evaluate(graded.sparkSession(), each, bootstrap, slices));
    }

    private GroupEvaluation evaluation(
            Group group, Predictions predictions, Function<Predictions, Evaluation> evaluating) {
        int patients = predictions.patients().size();
        boolean subgroup = !group.stratum().equals(EvaluationRow.ALL);
        if (subgroup && patients < smallestCell) {
            String note = "fewer than " + smallestCell + " patients: no figures";
            return new GroupEvaluation(group, predictions.images(), patients, null, note);
        }
        Evaluation evaluation = evaluating.apply(predictions);
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
