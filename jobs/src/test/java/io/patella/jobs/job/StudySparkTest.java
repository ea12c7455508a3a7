package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.StudyConf;
import io.patella.network.bundle.Bundle;
import io.patella.statistics.Interval;
import io.patella.statistics.metrics.Metric;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RunRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies on a cohort of drawn bands. */
class StudySparkTest {
    private static final Path STUDIES = Path.of("..", "conf", "study");
    private static final String TINY =
            "set=[threads=1, recipe.epochs=1, recipe.schedule.warm-up-epochs=0, recipe.batch=8]";
    private static final String NETWORK = "preparation.size=32, grader.global.config.channels=[4,4,8,8],"
            + " grader.patches.config.channels=[4,4,8,8]";

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private Warehouse warehouse;

    @BeforeEach
    void fill() {
        warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
        new BandCohort("phantom-a", "p")
                .patients(0, 30, Part.TRAIN)
                .patients(30, 45, Part.VALIDATION)
                .patients(45, 60, Part.TEST)
                .write(warehouse);
    }

    private StudyJob.Outcome study(String file, String models) {
        Path path = STUDIES.resolve(file);
        StudyConf conf = Conf.read(path, StudyConf.class, List.of(TINY, "mode=cpu-f32", models));
        return new StudyJob(conf, path, folder, new PrintWriter(log, true)).run();
    }

    @Test
    void theFineTunedModelStandsBesideItsParentInOneTable() throws Exception {
        new BandCohort("phantom-b", "q")
                .patients(0, 15, Part.TRAIN)
                .patients(15, 30, Part.VALIDATION)
                .patients(30, 45, Part.TEST)
                .write(warehouse);
        StudyJob.Outcome outcome = study(
                "phantom-table5.yaml",
                "models=[{name: own, train: ../train/phantom-small.yaml, set: ['"
                        + NETWORK.replace(", grader", "', 'grader")
                        + "'], evaluate: [{name: zero-shot, cohort: phantom-b, split: patella, part: all},"
                        + " {name: four views, cohort: phantom-a, split: patella, part: test, views: 4}]},"
                        + " {name: 'own, tuned', finetune: ../finetune/external.yaml, from: own,"
                        + " set: [cohort=phantom-b, labels.images=10], evaluate: [{name: tuned, cohort: phantom-b,"
                        + " split: patella, part: test}]}]");
        assertThat(outcome.lines())
                .extracting(StudyJob.Line::evaluation)
                .containsExactly("zero-shot", "four views", "tuned");
        assertThat(outcome.lines()).extracting(StudyJob.Line::images).containsExactly(45, 15, 15);
        assertThat(outcome.lines()).extracting(StudyJob.Line::trainImages).containsExactly(30, 30, 10);
        Path table = Objects.requireNonNull(outcome.table());
        assertThat(table).isEqualTo(folder.resolve("studies").resolve("phantom-table5.csv"));
        assertThat(Files.readAllLines(table))
                .hasSize(4)
                .first()
                .asString()
                .startsWith("model,evaluated on,train images,images,patients,QWK,QWK lower,QWK upper,");
        assertThat(folder.resolve("studies").resolve("phantom-table5.md"))
                .content()
                .contains("| own, tuned | tuned | 10 | 15 | 15 |");
        double accuracy = Objects.requireNonNull(
                        outcome.lines().get(2).figures().get(Metric.ACCURACY))
                .estimate()
                .orElse(-1);
        try (Bundle tuned = Bundle.open(folder.resolve("models").resolve("phantom-table5-own-tuned"))) {
            assertThat(warehouse.collect(EvaluationRow.TABLE, warehouse.read(EvaluationRow.TABLE)))
                    .filteredOn(row -> row.model().equals(tuned.hash())
                            && row.metric().equals("accuracy")
                            && row.stratum().equals(EvaluationRow.ALL))
                    .singleElement()
                    .satisfies(row -> assertThat(row.estimate()).isEqualTo(accuracy));
        }
        assertThat(warehouse.collect(RunRow.TABLE, warehouse.read(RunRow.TABLE)))
                .extracting(RunRow::job)
                .contains("train", "finetune", "grade", "evaluate", "study");
    }

    @Test
    void whatIsTrainedAndGradedIsNotDoneAgain() throws Exception {
        String models = "models=[{name: first, train: ../train/phantom-small.yaml, set: ['"
                + NETWORK.replace(", grader", "', 'grader")
                + "'], evaluate: [{name: test, cohort: phantom-a, split: patella, part: test},"
                + " {name: four views, cohort: phantom-a, split: patella, part: test, views: 4}]}]";
        StudyJob.Outcome outcome = study("phantom-tta.yaml", models);
        Map<Metric, Interval> differences = outcome.lines().get(1).differences();
        assertThat(outcome.lines().get(0).differences()).isEmpty();
        for (Metric metric : List.of(Metric.QWK, Metric.ACCURACY)) {
            double first = estimate(outcome.lines().get(0).figures(), metric);
            double second = estimate(outcome.lines().get(1).figures(), metric);
            assertThat(estimate(differences, metric)).isCloseTo(second - first, within(1e-12));
        }
        assertThat(Files.readAllLines(Objects.requireNonNull(outcome.table())))
                .first()
                .asString()
                .contains("QWK difference,QWK difference lower,QWK difference upper");
        String before = model("phantom-tta-first");
        long grades = warehouse.read(GradeRow.TABLE).count();
        StudyJob.Outcome again = study("phantom-tta.yaml", models);
        assertThat(again.lines()).isEqualTo(outcome.lines());
        assertThat(model("phantom-tta-first")).isEqualTo(before);
        assertThat(warehouse.read(GradeRow.TABLE).count()).isEqualTo(grades);
        assertThat(log.toString())
                .contains("train: done already, by run ")
                .contains("study phantom-tta, 1 of 1: first");
        assertThat(warehouse.collect(RunRow.TABLE, warehouse.read(RunRow.TABLE)))
                .filteredOn(row -> row.job().equals("train") && !row.counts().containsKey("epochs"))
                .as("the second training found the first")
                .hasSize(1);
    }

    @Test
    void mistakesAreFoundBeforeTheFirstTrainingAndAllAtOnce() {
        assertThatThrownBy(() -> study(
                        "phantom-tta.yaml",
                        "models=[{name: a, train: ../train/phantom-small.yaml, set: [recipe.epoch=1], evaluate: []},"
                                + " {name: b, train: ../train/phantom-small.yaml, set: [recipe.bach=1, nane=x],"
                                + " evaluate: [{name: e, cohort: nowhere, split: patella, part: test},"
                                + " {name: f, cohort: phantom-a, split: other, part: test}]}]"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a: ")
                .hasMessageContaining("unknown key: recipe.epoch (did you mean recipe.epochs?)")
                .hasMessageContaining("recipe.bach (did you mean recipe.batch?)")
                .hasMessageContaining("nane (did you mean name?)")
                .hasMessageContaining("no such cohort: nowhere")
                .hasMessageContaining("split other of phantom-a has no part: test");
        assertThat(warehouse.read(RunRow.TABLE).count()).isZero();
    }

    private String model(String name) {
        try (Bundle bundle = Bundle.open(folder.resolve("models").resolve(name))) {
            return bundle.hash();
        }
    }

    private static double estimate(Map<Metric, Interval> figures, Metric metric) {
        return Objects.requireNonNull(figures.get(metric)).estimate().orElse(Double.NaN);
    }

    @Test
    void everyPatientIsTestedInOneFold() {
        for (int again = 0; again < 2; again++) { // what stands is found again, not written twice
            List<String> names = JobRun.of("split", "phantom-a", Map.of("folds", 3), new PrintWriter(log, true))
                    .run(run -> FoldSplits.make(run, "phantom-a", 3, 42));
            assertThat(names).containsExactly("fold-1-of-3", "fold-2-of-3", "fold-3-of-3");
        }
        assertThatThrownBy(() -> JobRun.of("split", "phantom-a", Map.of("folds", 3), new PrintWriter(log, true))
                        .run(run -> FoldSplits.make(run, "phantom-a", 3, 43)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("split fold-1-of-3 of phantom-a: stands already and would change");
        int placed = 0;
        Map<String, Integer> tested = new HashMap<>();
        Map<String, Integer> chosenBy = new HashMap<>();
        for (PartRow row : warehouse.collect(PartRow.TABLE, warehouse.read(PartRow.TABLE))) {
            if (row.split().startsWith("fold-")) {
                placed++;
                tested.merge(row.patientId(), row.part() == Part.TEST ? 1 : 0, Integer::sum);
                chosenBy.merge(row.patientId(), row.part() == Part.VALIDATION ? 1 : 0, Integer::sum);
            }
        }
        assertThat(placed).isEqualTo(3 * 60);
        assertThat(tested).hasSize(60);
        assertThat(tested.values()).containsOnly(1);
        assertThat(chosenBy.values()).containsOnly(1);
    }

    @Test
    void theWordOfTheCommandIsTheStudyOfTheConf() {
        Path path = STUDIES.resolve("phantom-tta.yaml");
        StudyConf conf = Conf.read(path, StudyConf.class, List.of());
        assertThatThrownBy(() -> StudyJob.demand("ablation", conf, path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is another study: tta (run: patella study tta --conf");
    }
}
