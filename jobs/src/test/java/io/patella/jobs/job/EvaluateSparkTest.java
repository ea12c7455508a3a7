package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.evaluating.GroupEvaluation;
import io.patella.jobs.files.ComparisonAnswer;
import io.patella.jobs.files.JsonAnswer;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.CurveRow;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs evaluate and compare on tables, beside what the statistics say of the same rows. */
class EvaluateSparkTest {
    private static final int IMAGES = 120;
    private static final Bootstrap FEW = Bootstrap.standard().withResamples(50);

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private Warehouse warehouse;

    @BeforeEach
    void fill() {
        warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
        List<RadiographRow> radiographs = new ArrayList<>();
        List<ReferenceGradeRow> references = new ArrayList<>();
        List<ReadingRow> readings = new ArrayList<>();
        List<PartRow> parts = new ArrayList<>();
        List<GradeRow> grades = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            radiographs.add(radiograph(i));
            readings.add(new ReadingRow("c", "i" + i, "A", null, 1, grade(i), "r"));
            readings.add(new ReadingRow("c", "i" + i, "B", null, 1, agrees(i) ? grade(i) : (grade(i) + 1) % 5, "r"));
            if (agrees(i)) {
                references.add(new ReferenceGradeRow("c", "i" + i, grade(i), "unanimous", List.of("A", "B"), "r"));
            }
            if (i % 2 == 0) {
                parts.add(new PartRow("c", "patella", "p" + i / 2, 0, i < 80 ? Part.TEST : Part.TRAIN, "r"));
            }
            grades.add(graded(i, "sha256:aa", predicted(i)));
            grades.add(graded(i, "sha256:bb", i % 3));
        }
        warehouse.append(RadiographRow.TABLE, radiographs);
        warehouse.append(ReferenceGradeRow.TABLE, references);
        warehouse.append(ReadingRow.TABLE, readings);
        warehouse.append(PartRow.TABLE, parts);
        warehouse.append(GradeRow.TABLE, grades);
        warehouse.append(ModelRow.TABLE, List.of(model("sha256:aa", "good"), model("sha256:bb", "poor")));
    }

    @Test
    void figuresOfAPartAreThoseOfItsRowsAndStandInTheTables() {
        EvaluateJob.Outcome outcome =
                evaluate(Part.TEST, "good", List.of("laterality", "device"), EvaluateJob.Against.REFERENCE);
        List<Prediction> rows = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            if (agrees(i)) {
                rows.add(new Prediction("i" + i, "p" + i / 2, grade(i), predicted(i), null, predicted(i) / 4.0));
            }
        }
        assertThat(whole(outcome)).isEqualTo(Evaluation.of(Predictions.of(rows), FEW));
        assertThat(outcome.groups())
                .extracting(found -> found.group().stratum())
                .containsExactlyInAnyOrder("all", "laterality=L", "laterality=R", "device=x", "device=(missing)");
        List<EvaluationRow> written = warehouse.collect(EvaluationRow.TABLE, "c");
        assertThat(written).anySatisfy(row -> {
            assertThat(row.metric()).isEqualTo("qwk");
            assertThat(row.stratum()).isEqualTo("all");
            assertThat(row.part()).isEqualTo("test");
            assertThat(row.runId()).isEqualTo(outcome.runId());
            assertThat(row.images()).isEqualTo(rows.size());
        });
        assertThat(warehouse.read(CurveRow.TABLE, "c").count()).isPositive();
    }

    @Test
    void everyModelOnTheWholeCohortWithItsReadersBeside() throws Exception {
        EvaluateJob.Outcome outcome = evaluate(null, null, List.of(), EvaluateJob.Against.READERS);
        JsonNode json = new ObjectMapper().readTree(JsonAnswer.text(outcome.json()));
        assertThat(json.at("/part").textValue()).isEqualTo("all");
        assertThat(json.get("evaluations"))
                .extracting(each -> each.get("model_name").textValue())
                .containsExactlyInAnyOrder("good", "poor");
        assertThat(json.at("/readers/pairs/0/images").intValue()).isEqualTo(IMAGES);
        assertThat(outcome.groups())
                .filteredOn(found -> found.group().model().equals("sha256:aa"))
                .extracting(found -> found.group().stratum())
                .containsExactlyInAnyOrder(
                        "all",
                        "reader=A",
                        "reader=A, readers agree",
                        "reader=A, readers disagree",
                        "reader=B",
                        "reader=B, readers agree",
                        "reader=B, readers disagree");
    }

    @Test
    void strataOfAFileOfCovariatesAndCurvesAsPoints() throws Exception {
        StringBuilder csv = new StringBuilder("patient_id,sex,shoe\n");
        for (int p = 0; p < 30; p++) {
            csv.append("p").append(p).append(p % 2 == 0 ? ",f,39\n" : ",m,\n");
        }
        Path covariates = Files.writeString(folder.resolve("covariates.csv"), csv);
        EvaluateJob.Outcome outcome = new EvaluateJob(
                        new EvaluateJob.Request(
                                "c",
                                "patella",
                                Part.TEST,
                                "good",
                                List.of("sex", "device"),
                                covariates,
                                10,
                                EvaluateJob.Against.REFERENCE,
                                0.1,
                                FEW),
                        new PrintWriter(log))
                .run();
        assertThat(outcome.groups())
                .extracting(found -> found.group().stratum())
                .containsExactlyInAnyOrder("all", "sex=f", "sex=m", "sex=(missing)", "device=x", "device=(missing)");
        Path curves = folder.resolve("curves.csv");
        outcome.writeCurves(curves);
        assertThat(Files.readAllLines(curves).get(0)).isEqualTo("model,preparation,curve,subject,point,threshold,x,y");
        assertThat(Files.readString(curves)).contains("good,prep,roc,kl_ge_2,0,,0.0,0.0");
        assertThatThrownBy(() -> outcome.writeGradeSets(curves)).hasMessageContaining("no grade sets of part test");
    }

    @Test
    void whatTheValidationPartTeachesStandsBesideTheTestPart() throws Exception {
        List<PartRow> parts = new ArrayList<>();
        List<GradeRow> grades = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            if (i % 2 == 0) {
                parts.add(new PartRow("c", "other", "p" + i / 2, 0, i < 60 ? Part.TEST : Part.VALIDATION, "r"));
            }
            List<Double> p = new ArrayList<>(List.of(0.1, 0.1, 0.1, 0.1, 0.1));
            p.set(predicted(i), 0.6);
            grades.add(new GradeRow(
                    "c",
                    "i" + i,
                    "sha256:cc",
                    "prep",
                    null,
                    p,
                    null,
                    predicted(i),
                    GradeRow.FULL_SCALE,
                    null,
                    "cpu",
                    "r",
                    Instant.EPOCH));
        }
        warehouse.append(PartRow.TABLE, parts);
        warehouse.append(GradeRow.TABLE, grades);
        warehouse.append(ModelRow.TABLE, List.of(model("sha256:cc", "soft")));
        EvaluateJob.Outcome outcome = new EvaluateJob(
                        new EvaluateJob.Request(
                                "c",
                                "other",
                                Part.TEST,
                                "soft",
                                List.of(),
                                null,
                                10,
                                EvaluateJob.Against.REFERENCE,
                                0.1,
                                FEW),
                        new PrintWriter(log))
                .run();
        JsonNode hard =
                new ObjectMapper().readTree(JsonAnswer.text(outcome.json())).at("/evaluations/0/hard_grades");
        assertThat(hard.at("/grade_sets/covered").doubleValue()).isBetween(0.7, 1.0);
        assertThat(hard.at("/temperature/log_loss/after").doubleValue())
                .isLessThan(hard.at("/temperature/log_loss/before").doubleValue());
        Path sets = folder.resolve("sets.csv");
        outcome.writeGradeSets(sets);
        assertThat(Files.readAllLines(sets)).hasSize(1 + 45);
        assertThat(warehouse.collect(EvaluationRow.TABLE, "c")).anySatisfy(row -> {
            assertThat(row.metric()).isEqualTo("brier");
            assertThat(row.lower()).isNotNull();
        });
    }

    @Test
    void whatIsNotThereIsSaidWithWhatIs() {
        assertThatThrownBy(() -> evaluate(Part.TEST, "nobody", List.of(), EvaluateJob.Against.REFERENCE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such model")
                .hasMessageContaining("sha256:aa=good");
        assertThatThrownBy(() -> evaluate(Part.TEST, null, List.of("sex"), EvaluateJob.Against.REFERENCE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--subgroup: radiographs have no such column: sex");
        assertThatThrownBy(() -> evaluate(Part.VALIDATION, null, List.of(), EvaluateJob.Against.REFERENCE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no graded images with a reference grade in part validation");
    }

    @Test
    void modelsAreComparedOnTheImagesThatAllGraded() throws Exception {
        ComparisonAnswer answer = new CompareJob(
                        new CompareJob.Request(List.of("good", "bb"), "c", "patella", Part.TEST, 0.05, FEW),
                        new PrintWriter(log))
                .run();
        JsonNode json = new ObjectMapper().readTree(JsonAnswer.text(answer.json()));
        assertThat(json.at("/difference/qwk/estimate").doubleValue()).isPositive();
        assertThat(json.at("/non_inferiority/qwk").textValue()).isEqualTo("superior");
    }

    private EvaluateJob.Outcome evaluate(
            @Nullable Part part, @Nullable String model, List<String> subgroups, EvaluateJob.Against against) {
        return new EvaluateJob(
                        new EvaluateJob.Request("c", "patella", part, model, subgroups, null, 10, against, 0.1, FEW),
                        new PrintWriter(log))
                .run();
    }

    private static Evaluation whole(EvaluateJob.Outcome outcome) {
        return outcome.groups().stream()
                .filter(found -> found.group().stratum().equals("all"))
                .map(GroupEvaluation::evaluation)
                .findFirst()
                .orElseThrow();
    }

    private static int grade(int image) {
        return image % 5;
    }

    private static boolean agrees(int image) {
        return image % 4 != 3;
    }

    private static int predicted(int image) {
        return image % 7 == 0 ? (image + 1) % 5 : grade(image);
    }

    private static GradeRow graded(int image, String model, int grade) {
        return new GradeRow(
                "c",
                "i" + image,
                model,
                "prep",
                null,
                null,
                null,
                grade,
                GradeRow.FULL_SCALE,
                grade / 4.0,
                "cpu",
                "r",
                Instant.EPOCH);
    }

    private static ModelRow model(String hash, String name) {
        return new ModelRow(hash, name, "file:/" + name, "{}", "prep", "", "r", Instant.EPOCH);
    }

    private static RadiographRow radiograph(int image) {
        return new RadiographRow(
                "c",
                "i" + image,
                "p" + image / 2,
                image % 2 == 0 ? Laterality.LEFT : Laterality.RIGHT,
                null,
                null,
                "file:/i" + image,
                "s" + image,
                "x" + image,
                10,
                10,
                8,
                null,
                image < 40 ? "x" : null,
                false,
                false,
                false,
                "r",
                Instant.EPOCH);
    }
}
