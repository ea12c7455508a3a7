package io.patella.evaluating;

import static org.apache.spark.sql.functions.udaf;

import io.patella.cohort.Grade;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.Patients;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.prevalence.CorrectedPrevalence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Figures in SQL, for a session:
 *
 * <ul>
 *   <li>{@code qwk(reference, predicted)}, {@code macro_f1(reference, predicted)}: aggregates over rows; rows with a null
 *       grade do not count; null where undefined.
 *   <li>{@code grade_counts(grade)}, {@code confusion(reference, predicted)}: aggregates likewise; arrays of 5 and of 25
 *       counts, the latter row by row, row = reference grade.
 *   <li>{@code prevalence_corrected(predicted, confusion)}: from five counts of predicted grades and 25 validation counts
 *       (row by row, row = reference grade) an array of {@code (grade, observed, estimate, lower, upper)}; images are resampled
 *       one by one, B = 2000, seed 42, so with several images per patient the interval is too narrow.
 * </ul>
 */
public final class StatisticsFunctions {
    private static final StructType SHARE = new StructType()
            .add("grade", DataTypes.IntegerType, false)
            .add("observed", DataTypes.DoubleType, false)
            .add("estimate", DataTypes.DoubleType)
            .add("lower", DataTypes.DoubleType)
            .add("upper", DataTypes.DoubleType);

    private StatisticsFunctions() {}

    /** Makes the functions known to the session. */
    public static void register(SparkSession spark) {
        Encoder<Tuple2<Integer, Integer>> pair = Encoders.tuple(Encoders.INT(), Encoders.INT());
        spark.udf().register("qwk", udaf(new OfMetric(Metric.QWK), pair));
        spark.udf().register("macro_f1", udaf(new OfMetric(Metric.MACRO_F1), pair));
        spark.udf().register("confusion", udaf(new Counts(), pair));
        spark.udf().register("grade_counts", udaf(new GradeCounts(), Encoders.INT()));
        UDF2<List<Integer>, List<Integer>, List<Row>> corrected = StatisticsFunctions::corrected;
        spark.udf()
                .register(
                        "prevalence_corrected",
                        (UDF2<scala.collection.Seq<Number>, scala.collection.Seq<Number>, Row[]>)
                                (predicted, confusion) -> corrected
                                        .call(whole(predicted), whole(confusion))
                                        .toArray(Row[]::new),
                        DataTypes.createArrayType(SHARE));
    }

    private static List<Integer> whole(scala.collection.Seq<Number> counts) {
        return scala.jdk.javaapi.CollectionConverters.asJava(counts).stream()
                .map(count -> Math.toIntExact(count.longValue()))
                .toList();
    }

    /** The rows of {@code prevalence_corrected}. */
    static List<Row> corrected(List<Integer> predicted, List<Integer> confusion) {
        int[] target = predicted.stream().mapToInt(Integer::intValue).toArray();
        int[] validation = confusion.stream().mapToInt(Integer::intValue).toArray();
        CorrectedPrevalence.corrected(target, validation); // refuses counts that are no counts
        CorrectedPrevalence prevalence =
                CorrectedPrevalence.of(images(validation), images(target), Bootstrap.standard());
        List<Row> rows = new ArrayList<>();
        for (int k = 0; k < Grade.COUNT; k++) {
            Interval share = prevalence.corrected().get(k);
            rows.add(RowFactory.create(
                    k,
                    prevalence.observed().get(k),
                    share.estimate().value(),
                    share.lower().value(),
                    share.upper().value()));
        }
        return rows;
    }

    /** Each image a patient by itself. */
    private static Patients images(int[] counts) {
        int[] cells = IntStream.range(0, counts.length)
                .flatMap(cell -> IntStream.generate(() -> cell).limit(counts[cell]))
                .toArray();
        return Patients.of(IntStream.range(0, cells.length).toArray(), cells, counts.length);
    }

    /** An array of counts as SQL has it. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // Spark has no typed way to name the encoder of int[]
    private static Encoder<int[]> counts() {
        return (Encoder<int[]>)
                (Encoder) new AgnosticEncoders.ArrayEncoder(AgnosticEncoders.PrimitiveIntEncoder$.MODULE$, false);
    }

    private static int[] sum(int[] one, int[] other) {
        for (int cell = 0; cell < one.length; cell++) {
            one[cell] += other[cell];
        }
        return one;
    }

    /** 25 counts of pairs of grades, which are all that is carried between tasks. */
    private abstract static class OfCounts<T> extends Aggregator<Tuple2<Integer, Integer>, int[], T> {
        @Override
        public int[] zero() {
            return new int[Grade.COUNT * Grade.COUNT];
        }

        @Override
        public int[] reduce(int[] counts, Tuple2<Integer, Integer> grades) {
            if (grades._1() != null && grades._2() != null) {
                int reference = Grade.checked(grades._1(), "reference grade");
                counts[Confusion.cell(reference, Grade.checked(grades._2(), "predicted grade"))]++;
            }
            return counts;
        }

        @Override
        public int[] merge(int[] one, int[] other) {
            return sum(one, other);
        }

        @Override
        public Encoder<int[]> bufferEncoder() {
            return Encoders.javaSerialization(int[].class);
        }
    }

    /** A metric of the counts; null where undefined. */
    private static final class OfMetric extends OfCounts<@Nullable Double> {
        private final Metric metric;

        OfMetric(Metric metric) {
            this.metric = metric;
        }

        @Override
        public @Nullable Double finish(int[] counts) {
            return Confusion.ofCells(counts).figure(metric).value();
        }

        @Override
        public Encoder<Double> outputEncoder() {
            return Encoders.DOUBLE();
        }
    }

    /** The counts themselves. */
    private static final class Counts extends OfCounts<int[]> {
        @Override
        public int[] finish(int[] counts) {
            return counts;
        }

        @Override
        public Encoder<int[]> outputEncoder() {
            return counts();
        }
    }

    /** Counts of the five grades. */
    private static final class GradeCounts extends Aggregator<Integer, int[], int[]> {
        @Override
        public int[] zero() {
            return new int[Grade.COUNT];
        }

        @Override
        public int[] reduce(int[] counts, Integer grade) {
            if (grade != null) {
                counts[Grade.checked(grade, "grade")]++;
            }
            return counts;
        }

        @Override
        public int[] merge(int[] one, int[] other) {
            return sum(one, other);
        }

        @Override
        public int[] finish(int[] counts) {
            return counts;
        }

        @Override
        public Encoder<int[]> bufferEncoder() {
            return Encoders.javaSerialization(int[].class);
        }

        @Override
        public Encoder<int[]> outputEncoder() {
            return counts();
        }
    }
}
