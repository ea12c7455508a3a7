package io.patella.jobs.job.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.imaging.Gray8;
import io.patella.report.ReportPage;
import io.patella.report.facts.Heading;
import io.patella.report.facts.Performance;
import io.patella.report.facts.Report;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.QuarantineRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.ReferenceGradeRow;
import io.patella.tables.row.RunRow;
import io.patella.tables.row.TrainingHistoryRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sixty patients with two knees each, two models, one of which misgrades every fifth knee. */
class ReportTablesSparkTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ReportTables.Wanted EVERYTHING =
            new ReportTables.Wanted(List.of(), ReportTables.Radiographs.SHOWN, null, List.of());

    @TempDir
    static Path folder;

    private static Warehouse warehouse;
    private static Report report;

    @BeforeAll
    static void fillTheTables() {
        warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
        List<RadiographRow> radiographs = new ArrayList<>();
        List<PictureRow> pictures = new ArrayList<>();
        List<ReferenceGradeRow> references = new ArrayList<>();
        List<ReadingRow> readings = new ArrayList<>();
        List<PartRow> parts = new ArrayList<>();
        List<GradeRow> grades = new ArrayList<>();
        for (int patient = 0; patient < 60; patient++) {
            Part part = patient < 20 ? Part.TRAIN : patient < 40 ? Part.VALIDATION : Part.TEST;
            parts.add(new PartRow("phantom-a", PartRow.DEFAULT_SPLIT, "p" + patient, patient % 5, part, "run-split"));
            for (Laterality side : List.of(Laterality.LEFT, Laterality.RIGHT)) {
                String image = String.format(java.util.Locale.ROOT, "p%02d%s", patient, side.code());
                int grade = patient % 5;
                int knee = radiographs.size();
                Gray8 pixels = new Gray8(16, 16, new byte[256]);
                pixels.pixels()[knee] = 1;
                // the first test patient's left knee is a copy of a training knee: the split leaks it
                String hash = image.equals("p40L") ? radiographs.get(0).pixelSha256() : pixels.sha256();
                radiographs.add(new RadiographRow(
                        "phantom-a",
                        image,
                        "p" + patient,
                        side,
                        null,
                        patient % 2 == 0 ? "north" : null,
                        "file:/" + image,
                        "a",
                        hash,
                        16,
                        16,
                        8,
                        null,
                        null,
                        false,
                        false,
                        false,
                        "run-ingest",
                        NOON));
                pictures.add(new PictureRow("phantom-a", image, PictureRow.GRAY, 16, 16, pixels.pixels()));
                references.add(new ReferenceGradeRow(
                        "phantom-a", image, grade, "unanimous", List.of("ann", "bob"), "run-consensus"));
                readings.add(new ReadingRow("phantom-a", image, "ann", null, 1, grade, "run-ingest"));
                readings.add(new ReadingRow("phantom-a", image, "bob", null, 1, grade, "run-ingest"));
                grades.add(grade(image, "sha256:aaaa0000", grade));
                grades.add(grade(image, "sha256:bbbb0000", knee % 5 == 0 ? (grade + 2) % 5 : grade));
            }
        }
        radiographs.add(new RadiographRow(
                "phantom-a",
                "p60L",
                "p60",
                Laterality.LEFT,
                null,
                null,
                "file:/p60L",
                "a",
                "unread",
                16,
                16,
                8,
                null,
                null,
                false,
                false,
                false,
                "run-ingest",
                NOON));
        warehouse.append(RadiographRow.TABLE, radiographs);
        warehouse.append(PictureRow.TABLE, pictures);
        warehouse.append(ReferenceGradeRow.TABLE, references);
        warehouse.append(ReadingRow.TABLE, readings);
        warehouse.append(PartRow.TABLE, parts);
        warehouse.append(GradeRow.TABLE, grades);
        warehouse.append(
                QuarantineRow.TABLE,
                List.of(
                        new QuarantineRow("phantom-a", "file:/bad1", "run-1", "truncated", "ends early"),
                        new QuarantineRow("phantom-a", "file:/bad1", "run-2", "truncated", "ends early"),
                        new QuarantineRow("phantom-a", "file:/p00L", "run-1", "truncated", "mended since")));
        warehouse.append(
                ModelRow.TABLE,
                List.of(model("sha256:aaaa0000", "faultless"), model("sha256:bbbb0000", "every fifth <wrong>")));
        warehouse.append(
                EvaluationRow.TABLE,
                List.of(
                        evaluation("run-evaluate-1", "sha256:aaaa0000", "qwk", "all", 0.1, 40),
                        evaluation("run-evaluate-2", "sha256:aaaa0000", "qwk", "all", 1.0, 40),
                        evaluation("run-evaluate-2", "sha256:aaaa0000", "accuracy", "all", 1.0, 40),
                        evaluation("run-evaluate-2", "sha256:aaaa0000", "qwk", "laterality=L", 1.0, 20),
                        evaluation("run-evaluate-2", "sha256:aaaa0000", "qwk", "reader=ann", 1.0, 40),
                        evaluation("run-evaluate-2", "sha256:aaaa0000", "accuracy", "reader=ann", 1.0, 40),
                        evaluation("run-evaluate-2", "sha256:bbbb0000", "qwk", "all", 0.77, 38)));
        warehouse.append(
                TrainingHistoryRow.TABLE,
                List.of(
                        new TrainingHistoryRow("sha256:aaaa0000", 1, "train", "loss", 2.5, "run-train"),
                        new TrainingHistoryRow("sha256:aaaa0000", 1, "validation", "qwk", 0.4, "run-train"),
                        new TrainingHistoryRow("sha256:aaaa0000", 2, "validation", "qwk", 0.9, "run-train"),
                        new TrainingHistoryRow("sha256:aaaa0000", 3, "validation", "qwk", 0.8, "run-train"),
                        new TrainingHistoryRow("sha256:aaaa0000", 3, "validation", "ema_qwk", 0.85, "run-train")));
        warehouse.append(
                RunRow.TABLE,
                List.of(
                        run("run-consensus", "consensus", Map.of("agreed", 120L)),
                        run("run-evaluate-1", "evaluate", Map.of()),
                        run("run-evaluate-2", "evaluate", Map.of())));
        report = ReportTables.read(warehouse, EVERYTHING);
    }

    private static GradeRow grade(String image, String model, int grade) {
        double[] p = {0.05, 0.05, 0.05, 0.05, 0.05};
        p[grade] = 0.8;
        return new GradeRow(
                "phantom-a",
                image,
                model,
                "sha256:cccc",
                null,
                List.of(p[0], p[1], p[2], p[3], p[4]),
                null,
                grade,
                GradeRow.FULL_SCALE,
                p[2] + p[3] + p[4],
                "cpu-f32",
                "run-grade",
                NOON);
    }

    private static ModelRow model(String hash, String name) {
        return new ModelRow(hash, name, "file:/" + name, "{}", "sha256:cccc", "", "run-train", NOON);
    }

    private static EvaluationRow evaluation(
            String run, String model, String metric, String stratum, double estimate, int images) {
        return new EvaluationRow(
                run,
                "phantom-a",
                PartRow.DEFAULT_SPLIT,
                "test",
                model,
                "sha256:cccc",
                metric,
                stratum,
                estimate,
                estimate - 0.05,
                Math.min(1, estimate + 0.05),
                images,
                images / 2,
                200,
                7L,
                null);
    }

    private static RunRow run(String id, String job, Map<String, Long> counts) {
        return new RunRow(
                id,
                job,
                "phantom-a",
                "{\"seed\":7}",
                Map.of("spark", "4.1.3"),
                "abc123",
                Map.of(),
                Map.of("grades", 1L),
                NOON,
                NOON.plusSeconds(60),
                RunRow.DONE,
                null,
                counts);
    }

    private static Performance performance(String model) {
        return report.performances().stream()
                .filter(each -> each.model().equals(model))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void flowCountsEveryFileOnceAndNamesWhatIsMissing() {
        var flow = report.flows().get(0);
        assertThat(flow.steps().stream().map(step -> step.label() + " " + step.images()))
                .containsExactly(
                        "Files read 122", "Radiographs 121", "With a reference grade 120", "Graded by a model 120");
        assertThat(flow.steps().get(0).left()).singleElement().satisfies(reason -> {
            assertThat(reason.reason()).isEqualTo("truncated");
            assertThat(reason.images()).isEqualTo(1);
        });
        assertThat(flow.steps().get(1).left())
                .singleElement()
                .satisfies(reason -> assertThat(reason.images()).isEqualTo(1));
        assertThat(flow.parts().stream().map(part -> part.label() + " " + part.images() + " " + part.patients()))
                .containsExactly("train 40 20", "validation 40 20", "test 40 20");
    }

    @Test
    void theNewestEvaluationIsShownWithItsIntervals() {
        var qwk = performance("faultless").metric("qwk").orElseThrow().estimate();
        assertThat(qwk.value()).isEqualTo(1.0);
        assertThat(qwk.lower()).isEqualTo(0.95);
        assertThat(performance("faultless").interval()).isEqualTo("patient-level bootstrap (B = 200, seed 7)");
    }

    @Test
    void confusionComesFromTheGradesOfThePart() {
        assertThat(performance("faultless").confusion().get(3)).containsExactly(0L, 0L, 0L, 8L, 0L);
        assertThat(performance("every fifth <wrong>").confusion().stream()
                        .mapToLong(
                                row -> row.stream().mapToLong(Long::longValue).sum())
                        .sum())
                .isEqualTo(40);
    }

    @Test
    void gradesThatChangedSinceTheEvaluationAreSaidToHave() {
        assertThat(performance("faultless").notes()).isEmpty();
        assertThat(performance("every fifth <wrong>").notes())
                .singleElement()
                .asString()
                .contains("changed since this evaluation of 38 radiographs: 40 are there now");
    }

    @Test
    void pictureInTwoPartsBreaksARuleOfTheSplit() {
        assertThat(report.splits().get(0).checks().stream().map(check -> check.rule() + ": " + check.violations()))
                .containsExactly(
                        "no patient in two parts: 0",
                        "no identical picture in two parts: 1",
                        "every radiograph with a reference grade in a part: 0");
    }

    @Test
    void readersStrataAreNoSubgroups() {
        assertThat(report.subgroups().get(0).strata())
                .singleElement()
                .satisfies(stratum -> assertThat(stratum.value()).isEqualTo("L"));
        assertThat(report.tabulations().stream().map(each -> each.title()))
                .contains("Against each reader, faultless, phantom-a test");
    }

    @Test
    void modelsAreComparedOnTheSameRadiographsAndWithReaders() {
        assertThat(report.comparisons()).singleElement().satisfies(comparison -> {
            assertThat(comparison.images()).isEqualTo(40);
            assertThat(comparison.onlyARight()).isEqualTo(8);
            assertThat(comparison.onlyBRight()).isZero();
        });
        assertThat(report.agreements().get(0).pairs().stream().map(pair -> pair.first() + "/" + pair.second()))
                .contains("ann/bob", "faultless/ann", "faultless/reference grade");
    }

    @Test
    void worstErrorsCarryTheirPictures() {
        assertThat(report.failures()).singleElement().satisfies(failures -> {
            assertThat(failures.model()).isEqualTo("every fifth <wrong>");
            assertThat(failures.failures())
                    .hasSize(8)
                    .allSatisfy(
                            failure -> assertThat(failure.picture().base64()).startsWith("iVBORw0KGgo"));
        });
        Report without = ReportTables.read(
                warehouse, new ReportTables.Wanted(List.of(), ReportTables.Radiographs.LEFT_OUT, null, List.of()));
        assertThat(without.failures()).isEmpty();
        assertThat(ReportPage.html(without)).doesNotContain("<img");
    }

    @Test
    void bestEpochIsTheOneOfTheHighestValidationQwk() {
        assertThat(report.histories()).singleElement().satisfies(history -> {
            assertThat(history.best()).isEqualTo(2);
            assertThat(history.series().stream().map(each -> each.metric() + " " + each.part()))
                    .containsExactly("loss train", "qwk validation", "qwk validation (EMA)");
        });
    }

    @Test
    void phantomsAreKnownByTheirCohortsName() {
        assertThat(report.heading().origin()).isEqualTo(Heading.Origin.PHANTOMS);
        assertThat(report.heading().title()).isEqualTo("Grades of 2 models on phantom-a");
        assertThat(report.heading().date()).isEqualTo("2026-01-01");
    }

    @Test
    void sameTablesGiveTheSamePage() {
        assertThat(ReportPage.html(ReportTables.read(warehouse, EVERYTHING))).isEqualTo(ReportPage.html(report));
    }

    @Test
    void unknownCohortIsRefusedWithTheNearestKnown() {
        assertThatThrownBy(() -> ReportTables.read(
                        warehouse,
                        new ReportTables.Wanted(List.of("phantom-b"), ReportTables.Radiographs.SHOWN, null, List.of())))
                .isInstanceOf(InputException.class)
                .hasMessage("--cohort: no such cohort: phantom-b (did you mean phantom-a? There are phantom-a)");
    }
}
