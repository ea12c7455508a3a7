package io.patella.jobs.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.engine.training.Recipe;
import io.patella.network.architecture.Layers;
import io.patella.network.grader.Grader;
import io.patella.network.training.Losses;
import io.patella.network.training.TrainingProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files below conf/ can be read, and what they describe can be built. */
class ShippedConfTest {
    private static final Path CONF = Path.of("..", "conf");

    static List<Path> trainings() throws IOException {
        return files("train");
    }

    static List<Path> fineTunings() throws IOException {
        return files("finetune");
    }

    static List<Path> studies() throws IOException {
        return files("study");
    }

    static List<Path> ensembles() throws IOException {
        return files("ensemble");
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> all = Files.list(CONF.resolve(folder))) {
            return all.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void everyTrainingReadsAndItsGraderIsBuilt(Path file) {
        TrainConf conf = Conf.read(file, TrainConf.class, List.of());
        Grader grader = conf.grader().grader(conf.name());
        assertThat(TrainingProgram.of(grader, Layers.plain(), conf.losses()).tensors())
                .isNotEmpty();
        assertThat(conf.preparation().preparation().hash()).isNotEmpty();
        assertThat(file.getFileName().toString()).startsWith(conf.name().replace("-160", ""));
        if (conf.weights().global() != null) {
            Path root = CONF.toAbsolutePath().normalize().getParent();
            assertThat(Conf.beside(file, conf.weights().global()))
                    .hasParentRaw(root.resolveSibling("shared").resolve("data").resolve("weights"));
        }
        assertThat(Path.of("..").resolve("docs").resolve("networks.md")).exists(); // the comments point there
    }

    @ParameterizedTest
    @MethodSource("fineTunings")
    void everyFineTuningReads(Path file) {
        FinetuneConf conf = Conf.read(file, FinetuneConf.class, List.of());
        if (conf.grader() != null) {
            assertThat(conf.grader().grader(conf.name()).heads()).isNotEmpty();
        }
        if (conf.preparation() != null) {
            assertThat(conf.preparation().preparation().hash()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("ensembles")
    void everyEnsembleReadsAndItsMembersAreMadeByOtherConfs(Path file) throws IOException {
        EnsembleConf conf = Conf.read(file, EnsembleConf.class, List.of());
        Path models =
                CONF.toAbsolutePath().normalize().resolveSibling("warehouse").resolve("models");
        Set<Path> made = new HashSet<>();
        for (Path each : trainings()) {
            made.add(models.resolve(Conf.read(each, TrainConf.class, List.of()).name()));
        }
        for (Path each : fineTunings()) {
            made.add(models.resolve(
                    Conf.read(each, FinetuneConf.class, List.of()).name()));
        }
        assertThat(conf.members())
                .allSatisfy(member -> assertThat(made).contains(Conf.beside(file, member.bundle())))
                .noneMatch(member -> member.bundle().endsWith("/" + conf.name()));
    }

    @ParameterizedTest
    @MethodSource("studies")
    void everyStudyReadsAndSoDoTheConfsOfItsModels(Path file) {
        StudyConf study = Conf.read(file, StudyConf.class, List.of());
        assertThat(study.models()).isNotEmpty();
        for (StudyConf.ModelConf model : study.models()) {
            assertThat(model.evaluate()).as(model.name()).isNotEmpty();
            List<String> overrides = study.overrides(model, List.of("name=x"));
            if (model.train() != null) {
                TrainConf conf = Conf.read(file.resolveSibling(model.train()), TrainConf.class, overrides);
                assertThat(conf.grader().grader(conf.name()).views()).isNotEmpty();
            }
            if (model.finetune() != null) {
                Conf.read(file.resolveSibling(model.finetune()), FinetuneConf.class, overrides);
            }
        }
    }

    @Test
    void thePapersProtocolsStandInTheFiles() {
        TrainConf paper = Conf.read(CONF.resolve("train").resolve("kl-fusenet.yaml"), TrainConf.class, List.of());
        assertThat(paper.recipe().json()).isEqualTo(Recipe.PAPER.json());
        assertThat(paper.losses()).isEqualTo(Losses.PAPER);
        FinetuneConf external =
                Conf.read(CONF.resolve("finetune").resolve("external.yaml"), FinetuneConf.class, List.of());
        assertThat(external.recipe().json()).isEqualTo(Recipe.FINE_TUNING.json());
        assertThat(external.losses()).isEqualTo(Losses.PAPER);
    }

    @Test
    void whatDoesNotFitIsRefusedAllAtOnceWithTheNearestKey() {
        Path file = CONF.resolve("train").resolve("kl-fusenet.yaml");
        assertThatThrownBy(() ->
                        Conf.read(file, TrainConf.class, List.of("recipe.epoch=3", "losses.ordinals=1", "thread=1")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("unknown key: recipe.epoch (did you mean recipe.epochs?)")
                .hasMessageContaining("unknown key: losses.ordinals (did you mean losses.ordinal?)")
                .hasMessageContaining("unknown key: thread (did you mean threads?)");
        assertThatThrownBy(() -> Conf.read(
                        file, TrainConf.class, List.of("recipe.epochs=0", "recipe.batch=0", "recipe.patience=0")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("recipe.epochs: out of range: 0")
                .hasMessageContaining("recipe.batch: out of range: 0")
                .hasMessageContaining("recipe.patience: out of range: 0");
        assertThatThrownBy(() -> Conf.read(file, TrainConf.class, List.of("labels={share: 0.5, images: 100}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("one of share and images");
    }

    @Test
    void aStudyWhoseModelsHangInTheAirIsRefused() {
        Path file = CONF.resolve("study").resolve("phantom-table5.yaml");
        assertThatThrownBy(() -> Conf.read(file, StudyConf.class, List.of("study=table6")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("use one of [tta, ablation, labels, kfold, table5]");
        assertThatThrownBy(() -> Conf.read(
                        file,
                        StudyConf.class,
                        List.of("models=[{name: b, finetune: x.yaml, from: a, set: [], evaluate: []}]")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("b.from: no model of this name comes before: a");
        assertThatThrownBy(() -> Conf.read(file, StudyConf.class, List.of("models=[{name: b, set: [], evaluate: []}]")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("one of train, finetune and bundle: b");
    }
}
