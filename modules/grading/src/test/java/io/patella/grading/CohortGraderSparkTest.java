package io.patella.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.engine.OpenedBundle;
import io.patella.engine.Prediction;
import io.patella.imaging.Gray8;
import io.patella.imaging.PngWriter;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PictureRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CohortGraderSparkTest {
    private static final ExecutionMode MODE = ExecutionMode.CPU_F32_STRICT;

    @TempDir
    static Path dir;

    private static SparkSession spark;
    private static Path bundle;
    private static String preparation;
    private static final List<Gray8> PICTURES = new ArrayList<>();

    @BeforeAll
    static void up() throws Exception {
        spark = LocalSpark.session(dir.resolve("warehouse"));
        ObjectMapper json = new ObjectMapper();
        Grader grader = Graders.fuseNet(
                json.readTree("{\"depths\":[1,1,1,1],\"dims\":[8,8,12,16]}"),
                json.readTree("{\"block\":\"basic\",\"layers\":[1,1,1,1],\"channels\":[8,8,12,16]}"));
        ProgramModule network = grader.program(Layers.plain());
        WeightSource.seeded(11).fill(network);
        Path model = dir.resolve("model.pt");
        ProgramArchive.write(network, model, Map.of());
        bundle = dir.resolve("bundle");
        BundleDescription description = new BundleDescription(
                "tiny",
                grader.json(),
                Preparation.standard(64),
                List.of(0.45, 0.48, 0.5, 0.52),
                json.createObjectNode(),
                List.of());
        Bundle.write(bundle, description, model, "card");
        preparation = description.preparation().hash();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 9; i++) {
            byte[] pixels = new byte[70 * 60];
            for (int p = 0; p < pixels.length; p++) {
                pixels[p] = (byte) (40 + random.nextInt(120));
            }
            PICTURES.add(new Gray8(70, 60, pixels));
        }
    }

    @Test
    void executorsGradeAsOneOpenedBundleDoesAndARerunAddsNothing() {
        Warehouse warehouse = Warehouse.open(spark);
        List<PictureRow> rows = new ArrayList<>();
        for (int i = 0; i < PICTURES.size(); i++) {
            rows.add(new PictureRow("tiny", "I" + i, PictureRow.PNG, 70, 60, PngWriter.write(PICTURES.get(i))));
        }
        warehouse.append(PictureRow.TABLE, rows);
        GradingPlan plan = GradingPlan.of(spark, bundle, MODE, 2);
        CohortGrader grader = new CohortGrader(warehouse, plan, preparation, "run-1");

        Dataset<Row> missing = grader.missing("tiny", null);
        assertThat(missing.count()).isEqualTo(9);
        grader.grade(missing, 9);

        List<Prediction> expected = alone();
        List<GradeRow> graded = warehouse.collect(GradeRow.TABLE, "tiny");
        assertThat(graded).hasSize(9);
        for (GradeRow row : graded) {
            Prediction one = expected.get(Integer.parseInt(row.imageId().substring(1)));
            assertThat(row.grade()).isEqualTo(one.grade());
            assertThat(row.ordinal()).isEqualTo(one.ordinal());
            assertThat(row.distribution()).isEqualTo(one.distribution());
            assertThat(row.scale()).isEqualTo(GradeRow.FULL_SCALE);
            assertThat(row.mode()).isEqualTo("cpu-f32-strict");
            assertThat(row.model()).isEqualTo(plan.model());
        }
        assertThat(grader.missing("tiny", null).count()).isZero();
    }

    @Test
    void theTransformerGradesAnybodysPicturesAndRefusesBrokenOnes() {
        List<Row> rows = new ArrayList<>();
        for (Gray8 picture : PICTURES) {
            rows.add(RowFactory.create(rows.size(), PngWriter.write(picture)));
        }
        rows.add(RowFactory.create(9, new byte[] {1, 2, 3}));
        StructType schema = new StructType().add("id", DataTypes.IntegerType).add("content", DataTypes.BinaryType);
        GradingTransformer transformer = new GradingTransformer()
                .setModelUrl(bundle.toString())
                .setBatchSize(4)
                .setMode(MODE.word());
        List<Row> answers = transformer
                .transform(spark.createDataFrame(rows, schema))
                .select("id", "grading.grade", "grading.error")
                .orderBy("id")
                .collectAsList();
        List<Prediction> expected = alone();
        for (int i = 0; i < 9; i++) {
            assertThat(answers.get(i).getInt(1)).isEqualTo(expected.get(i).grade());
            assertThat(answers.get(i).isNullAt(2)).isTrue();
        }
        assertThat(answers.get(9).isNullAt(1)).isTrue();
        assertThat(answers.get(9).getString(2)).startsWith("NOT_AN_IMAGE");
    }

    @Test
    void aColumnThatHoldsNoPicturesIsRefusedBeforeAnythingRuns() {
        StructType schema = new StructType().add("content", DataTypes.StringType);
        assertThatThrownBy(() -> new GradingTransformer().transformSchema(schema))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column content is string, expected binary");
    }

    private static List<Prediction> alone() {
        try (OpenedBundle opened = OpenedBundle.open(bundle, Device.CPU, MODE, 1)) {
            return opened.grade(PICTURES);
        }
    }
}
