package io.patella.evaluating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Distribution;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.row.CurveRow;
import io.patella.tables.row.EvaluationRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups over partitions; every figure equals that of one machine, to the bit. */
class GroupEvaluatorSparkTest {
    private static final Bootstrap FEW = Bootstrap.standard().withResamples(100);
    private static final StructType SCHEMA = new StructType()
            .add("cohort", DataTypes.StringType)
            .add("split", DataTypes.StringType)
            .add("part", DataTypes.StringType)
            .add("model", DataTypes.StringType)
            .add("preparation", DataTypes.StringType)
            .add("scale", DataTypes.StringType)
            .add("stratum", DataTypes.StringType)
            .add("image_id", DataTypes.StringType)
            .add("patient_id", DataTypes.StringType)
            .add("grade", DataTypes.IntegerType)
            .add("predicted", DataTypes.IntegerType)
            .add("distribution", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("p_kl_ge_2", DataTypes.DoubleType);

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        Locale.setDefault(Locale.GERMANY);
        spark = SparkSession.builder()
                .appName("evaluating")
                .config("spark.master", "local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void everyGroupIsEvaluatedAsOnOneMachineWhateverThePartitions(int partitions) {
        List<Row> rows = new ArrayList<>();
        List<Evaluation> expected = new ArrayList<>();
        for (int group = 0; group < 12; group++) {
            List<Prediction> predictions = predictions(group, 60);
            String model = String.format(Locale.ROOT, "m%02d", group);
            predictions.forEach(row -> rows.add(row(model, row)));
            expected.add(Evaluation.of(Predictions.of(predictions), FEW));
        }
        Collections.shuffle(rows, new Random(partitions));
        List<GroupEvaluation> found =
                new GroupEvaluator(FEW, 10).evaluate(spark.createDataFrame(rows, SCHEMA), partitions);
        assertThat(found).extracting(GroupEvaluation::evaluation).containsExactlyElementsOf(expected);
    }

    @Test
    void aGroupTooLargeForOneTaskIsSpreadAndGivesTheSame() {
        List<Row> rows = new ArrayList<>();
        predictions(1, 100).forEach(row -> rows.add(row("large", row)));
        predictions(2, 20).forEach(row -> rows.add(row("small", row)));
        List<GroupEvaluation> found = new GroupEvaluator(FEW, 10, 60).evaluate(spark.createDataFrame(rows, SCHEMA), 3);
        assertThat(found).isEqualTo(new GroupEvaluator(FEW, 10).evaluate(spark.createDataFrame(rows, SCHEMA), 2));
        assertThat(found)
                .extracting(GroupEvaluation::evaluation)
                .containsExactly(
                        Evaluation.of(Predictions.of(predictions(1, 100)), FEW),
                        Evaluation.of(Predictions.of(predictions(2, 20)), FEW));
    }

    @Test
    void moreGroupsAreNotMoreSparkJobs() throws Exception {
        assertThat(jobsFor(20)).isEqualTo(jobsFor(2));
    }

    private static int jobsFor(int groups) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            String model = "m" + group;
            predictions(group, 20).forEach(row -> rows.add(row(model, row)));
        }
        AtomicInteger jobs = new AtomicInteger();
        SparkListener counter = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart start) {
                jobs.incrementAndGet();
            }
        };
        spark.sparkContext().addSparkListener(counter);
        new GroupEvaluator(FEW, 10).evaluate(spark.createDataFrame(rows, SCHEMA));
        spark.sparkContext().listenerBus().waitUntilEmpty();
        spark.sparkContext().removeSparkListener(counter);
        return jobs.get();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void replicatesSpreadOverTasksGiveTheSameIntervals(int slices) {
        Predictions predictions = Predictions.of(predictions(3, 200));
        assertThat(SpreadBootstrap.evaluate(spark, predictions, FEW, slices))
                .isEqualTo(Evaluation.of(predictions, FEW));
    }

    @Test
    void aGraderOfTheMergedScaleIsHeldAgainstMergedGrades() {
        List<Row> rows =
                List.of(merged("a", 0, 0), merged("b", 1, 0), merged("c", 2, 2), merged("d", 3, 3), merged("e", 4, 4));
        GroupEvaluation found = new GroupEvaluator(FEW, 0)
                .evaluate(spark.createDataFrame(rows, SCHEMA))
                .get(0);
        assertThat(found.note()).contains("merged scale 0,2,3,4");
        Evaluation evaluation = found.evaluation();
        assertThat(evaluation).isNotNull();
        assertThat(evaluation.interval(Metric.ACCURACY).estimate().orElse(0)).isEqualTo(1);
        assertThat(evaluation.interval(Metric.MACRO_F1).estimate().orElse(0)).isCloseTo(1, within(1e-15));
    }

    @Test
    void rowsForTheTablesCarryEveryFigureAndCurve() {
        List<Row> rows = new ArrayList<>();
        predictions(1, 40).forEach(row -> rows.add(row("m", row)));
        GroupEvaluation found = new GroupEvaluator(FEW, 10)
                .evaluate(spark.createDataFrame(rows, SCHEMA))
                .get(0);
        EvaluationRows writer = new EvaluationRows("run");
        List<EvaluationRow> figures = writer.figures(found);
        Interval qwk = Evaluation.of(Predictions.of(predictions(1, 40)), FEW).interval(Metric.QWK);
        assertThat(figures.get(0).metric()).isEqualTo("qwk");
        assertThat(figures.get(0).lower()).isEqualTo(qwk.lower().value());
        assertThat(figures.get(0).resamples()).isEqualTo(100);
        assertThat(figures)
                .extracting(row -> row.stratum() + " " + row.metric())
                .doesNotHaveDuplicates()
                .contains("all kl_ge_2_roc_auc", "all rps", "grade=3 recall", "grade=0 support");
        assertThat(figures)
                .allSatisfy(row -> assertThat(row.lower() != null)
                        .as(row.stratum() + " " + row.metric())
                        .isEqualTo(row.estimate() != null && !row.metric().equals("support")));
        List<CurveRow> curves = writer.curves(found);
        assertThat(curves)
                .extracting(CurveRow::curve)
                .contains("roc:grade=3", "pr:kl_ge_2", "roc:macro", "reliability:any", "decision:kl_ge_2");
        assertThat(curves).extracting(row -> row.curve() + row.point()).doesNotHaveDuplicates();
        assertThat(curves)
                .allSatisfy(row -> assertThat(Double.isFinite(row.x()) && Double.isFinite(row.y()))
                        .isTrue());
    }

    @Test
    void sqlKnowsQwkAndCorrectedPrevalence() {
        StatisticsFunctions.register(spark);
        List<Prediction> predictions = predictions(5, 80);
        List<Row> rows = new ArrayList<>();
        predictions.forEach(row -> rows.add(row("m", row)));
        spark.createDataFrame(rows, SCHEMA).createOrReplaceTempView("graded");
        Row figures = spark.sql(
                        "select qwk(grade, predicted), macro_f1(grade, predicted), qwk(null, predicted) from graded")
                .first();
        Predictions table = Predictions.of(predictions);
        assertThat(figures.getDouble(0))
                .isEqualTo(table.confusion().figure(Metric.QWK).orElse(-9));
        assertThat(figures.getDouble(1))
                .isEqualTo(table.confusion().figure(Metric.MACRO_F1).orElse(-9));
        assertThat(figures.isNullAt(2)).isTrue();

        Row share = spark.sql("select inline(prevalence_corrected(array(30, 20, 20, 20, 10),"
                        + " array(9,1,0,0,0, 1,8,1,0,0, 0,1,9,0,0, 0,0,0,10,0, 0,0,0,0,10)))")
                .collectAsList()
                .get(3);
        assertThat(share.getInt(0)).isEqualTo(3);
        assertThat(share.getDouble(1)).isEqualTo(0.2);
        assertThat(share.getDouble(2)).isBetween(share.getDouble(3), share.getDouble(4));
        assertThatThrownBy(() -> spark.sql("select prevalence_corrected(array(1), array(2))")
                        .collectAsList())
                .hasStackTraceContaining("not five counts");
    }

    private static List<Prediction> predictions(long seed, int patients) {
        Random random = new Random(seed);
        List<Prediction> rows = new ArrayList<>();
        for (int p = 0; p < patients; p++) {
            for (int i = 0; i <= random.nextInt(2); i++) {
                int grade = random.nextInt(5);
                double[] weights = random.doubles(5).toArray();
                weights[grade] += 1;
                double sum = Arrays.stream(weights).sum();
                Distribution distribution =
                        Distribution.of(Arrays.stream(weights).map(w -> w / sum).toArray());
                rows.add(new Prediction(
                        "i" + p + "_" + i, "p" + p, grade, distribution.mostProbable(), distribution, null));
            }
        }
        return rows;
    }

    private static Row row(String model, Prediction row) {
        Distribution distribution = row.distribution();
        assertThat(distribution).isNotNull();
        return RowFactory.create(
                "cohort",
                "patella",
                "test",
                model,
                "prep",
                "0,1,2,3,4",
                "all",
                row.imageId(),
                row.patientId(),
                row.grade(),
                row.predicted(),
                Arrays.stream(distribution.toArray()).boxed().toArray(Double[]::new),
                null);
    }

    private static Row merged(String image, int grade, int predicted) {
        return RowFactory.create(
                "cohort", "patella", "test", "m", "prep", "0,2,3,4", "all", image, image, grade, predicted, null, 0.5);
    }
}
