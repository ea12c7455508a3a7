package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.FinetuneConf;
import io.patella.network.bundle.Bundle;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.RunRow;
import io.patella.tables.row.TrainingHistoryRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs train and finetune on tables. */
class FinetuneSparkTest {
    @TempDir
    static Path folder;

    private static Warehouse warehouse;
    private static Path parent;
    private static String parentHash;

    private final StringWriter log = new StringWriter();

    @BeforeAll
    static void trainTheParent() {
        warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
        BandCohort own = new BandCohort("own", "p")
                .patients(0, 40, Part.TRAIN)
                .patients(40, 60, Part.VALIDATION)
                .patients(60, 70, Part.TEST);
        for (int i = 0; i < 70; i++) { // another split: who was held out is learned from, and the other way round
            own.place("turned", i, i < 10 ? Part.TEST : i < 30 ? Part.VALIDATION : Part.TRAIN);
            own.place("wider", i, i < 30 ? Part.TRAIN : i < 50 ? Part.VALIDATION : Part.TEST);
        }
        own.write(warehouse);
        new BandCohort("other", "q")
                .patients(0, 20, Part.TRAIN)
                .patients(20, 40, Part.VALIDATION)
                .patients(40, 45, Part.TEST)
                .write(warehouse);
        Training.Outcome outcome = TinyTraining.train(folder, "cohort=own", "name=parent");
        parent = Objects.requireNonNull(outcome.bundle());
        parentHash = Objects.requireNonNull(outcome.model());
    }

    private Training.Outcome finetune(String... more) {
        List<String> overrides = new ArrayList<>(TinyTraining.SHORT);
        overrides.addAll(List.of(more));
        FinetuneConf conf = Conf.read(
                TinyTraining.CONF.resolve("finetune").resolve("external.yaml"), FinetuneConf.class, overrides);
        return new FinetuneJob(parent, conf, folder, new PrintWriter(log, true)).run();
    }

    @Test
    void theNewBundleNamesItsParentAndHoldsOutItsOwnCohortsTestPart() {
        Training.Outcome outcome = finetune("name=child", "cohort=other");
        assertThat(outcome.bundle()).isEqualTo(folder.resolve("models").resolve("child"));
        try (Bundle child = Bundle.open(outcome.bundle());
                Bundle before = Bundle.open(parent)) {
            JsonNode training = child.description().training();
            assertThat(training.path("start").asText()).isEqualTo(parentHash);
            assertThat(training.path("parent").path("model").asText()).isEqualTo(parentHash);
            assertThat(training.path("parent").path("cohort").asText()).isEqualTo("own");
            assertThat(training.path("parent").path("held_out_patients")).hasSize(10);
            assertThat(training.path("cohort").asText()).isEqualTo("other");
            assertThat(child.description().heldOut()).containsExactly("q40", "q41", "q42", "q43", "q44");
            assertThat(child.description().preparation())
                    .isEqualTo(before.description().preparation());
            assertThat(child.description().cutpoints()).hasSize(4);
            assertThat(child.description().grader().path("name").asText()).isEqualTo("child");
        }
        assertThat(log.toString()).contains("finetune: going on from parent " + parentHash);
        assertThat(warehouse.collect(ModelRow.TABLE, warehouse.read(ModelRow.TABLE)))
                .filteredOn(row -> row.name().equals("child"))
                .singleElement()
                .satisfies(row -> assertThat(row.model()).isEqualTo(outcome.model()));
        assertThat(warehouse.collect(TrainingHistoryRow.TABLE, warehouse.read(TrainingHistoryRow.TABLE)))
                .filteredOn(row -> row.model().equals(outcome.model())
                        && row.part().equals("train")
                        && row.metric().equals("accuracy"))
                .singleElement()
                .satisfies(row -> assertThat(row.value()).isBetween(0.0, 1.0));
        assertThat(warehouse.collect(RunRow.TABLE, warehouse.read(RunRow.TABLE)))
                .filteredOn(row -> row.job().equals("finetune") && row.outcome().equals(RunRow.DONE))
                .anySatisfy(row -> assertThat(row.counts()).containsEntry("train_images", 20L));
    }

    @Test
    void thePicturesMayGrow() {
        Training.Outcome outcome = finetune(
                "name=grown",
                "cohort=own",
                "preparation={deletterbox: true, size: 48, interpolation: bilinear, exposure: keep, mean: [0.5, 0.5, 0.5],"
                        + " std: [0.5, 0.5, 0.5], views: 0, average: probabilities}");
        try (Bundle grown = Bundle.open(Objects.requireNonNull(outcome.bundle()))) {
            assertThat(grown.description().preparation().size()).isEqualTo(48);
            assertThat(grown.description().heldOut()).hasSize(10);
        }
    }

    @Test
    void whoTheParentHoldsOutIsNotTrainedOn() {
        assertThatThrownBy(() -> finetune("name=leak", "cohort=own", "split=turned"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "bundle " + parentHash + ": holds out patients that are offered for training: p60")
                .hasMessageContaining("and 5 more")
                .hasMessageContaining("patella of own");
    }

    @Test
    void aTestPartThatTheParentHasSeenIsNone() {
        assertThatThrownBy(() -> finetune("name=leak", "cohort=own", "split=wider"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("may have been trained on patients of this split's test part: p50, p51");
    }

    @Test
    void aPictureThatTheParentHoldsOutIsNotTrainedOnUnderAnotherName() {
        new BandCohort("copied", "c")
                .patients(0, 20, Part.TRAIN)
                .patients(20, 30, Part.VALIDATION)
                .twin(30, "xp65", Part.TRAIN)
                .write(warehouse);
        assertThatThrownBy(() -> finetune("name=leak", "cohort=copied"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds out pictures that are offered for training: p65");
    }

    @Test
    void aPictureThatTheParentHasSeenIsNoTestPicture() {
        new BandCohort("seen", "s")
                .patients(0, 20, Part.TRAIN)
                .patients(20, 30, Part.VALIDATION)
                .twin(30, "xp3", Part.TEST)
                .write(warehouse);
        assertThatThrownBy(() -> finetune("name=leak", "cohort=seen"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("was trained on pictures of this split's test part: p3");
    }

    @Test
    void anotherDropoutIsNoOtherArchitecture() {
        JsonNode held;
        try (Bundle before = Bundle.open(parent)) {
            held = before.description().grader();
        }
        assertThat(held.path("dropout").asDouble()).isZero();
        Training.Outcome outcome = finetune(
                "name=dropping",
                "cohort=other",
                "grader={name: kl-fusenet, dropout: 0.4, global: " + held.path("global") + ", patches: "
                        + held.path("patches") + "}");
        try (Bundle dropping = Bundle.open(Objects.requireNonNull(outcome.bundle()))) {
            assertThat(dropping.description().grader().path("dropout").asDouble())
                    .isEqualTo(0.4);
        }
        assertThatThrownBy(() -> finetune(
                        "name=dropping",
                        "cohort=other",
                        "grader={name: patches-only, dropout: 0.4, global: null, patches: " + held.path("patches")
                                + "}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds another architecture");
    }

    @Test
    void aBundleOfAnotherArchitectureIsRefused() {
        assertThatThrownBy(() -> finetune(
                        "name=other-network",
                        "cohort=other",
                        "grader={name: global-only, global: tf_efficientnet_lite0, patches: null, dropout: 0.1}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds another architecture than the conf's grader")
                .hasMessageContaining("write grader: null");
    }

    @Test
    void weightsThatAreNotThereAreLookedForFromTheConfsFolder() {
        assertThatThrownBy(
                        () -> TinyTraining.train(folder, "cohort=own", "name=lost", "weights.global=none.safetensors"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("weights: no such file: "
                        + TinyTraining.CONF
                                .resolve("train")
                                .resolve("none.safetensors")
                                .toAbsolutePath()
                                .normalize()
                                .toString())
                .hasMessageContaining("a relative path is from the conf's folder");
    }

    @Test
    void theParentIsNotOverwritten() {
        assertThatThrownBy(() -> finetune("name=parent", "cohort=other"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is the name of the bundle to start from");
    }
}
