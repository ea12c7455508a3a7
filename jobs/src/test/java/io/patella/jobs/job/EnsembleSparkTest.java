package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.EnsembleConf;
import io.patella.network.bundle.Bundle;
import io.patella.network.program.ProgramArchive;
import io.patella.network.weights.Tensor;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.ModelRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job ensemble on tables. */
class EnsembleSparkTest {
    private static final Path CONF = TinyTraining.CONF.resolve("ensemble").resolve("patella-small.yaml");
    private static final String KEPT = "preparation=null";

    @TempDir
    static Path folder;

    private static Warehouse warehouse;

    private final StringWriter log = new StringWriter();

    @BeforeAll
    static void trainTheMembers() {
        warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
        BandCohort own = new BandCohort("own", "p")
                .patients(0, 20, Part.TRAIN)
                .patients(20, 40, Part.VALIDATION)
                .patients(40, 45, Part.TEST);
        for (int i = 0; i < 45; i++) { // who was learned from chooses here, the test part is the same
            own.place("turned", i, i < 20 ? Part.VALIDATION : i < 40 ? Part.TRAIN : Part.TEST);
        }
        own.write(warehouse);
        train("first", "patella", 1);
        train("second", "patella", 2);
        train("turned", "turned", 3);
    }

    private static void train(String name, String split, int seed) {
        TinyTraining.train(folder, "cohort=own", "name=" + name, "split=" + split, "recipe.seed=" + seed);
    }

    private EnsembleJob.Outcome join(String name, List<String> members, String... more) {
        List<String> overrides = new ArrayList<>();
        overrides.add("name=" + name);
        overrides.add("cohort=own");
        overrides.add("split=patella");
        overrides.add("threads=1");
        StringBuilder paths = new StringBuilder("members=[");
        for (String each : members) {
            paths.append("{bundle: \"")
                    .append(folder.resolve("models").resolve(each))
                    .append("\", share: 2}, ");
        }
        overrides.add(paths.append("]").toString());
        overrides.addAll(List.of(more));
        return join(CONF, overrides);
    }

    private EnsembleJob.Outcome join(Path file, List<String> overrides) {
        EnsembleConf conf = Conf.read(file, EnsembleConf.class, overrides);
        return new EnsembleJob(conf, file, folder, new PrintWriter(log, true)).run();
    }

    @Test
    void theBundleHoldsItsMembersAndWhoTheyHoldOut() {
        EnsembleJob.Outcome outcome = join("together", List.of("first", "second"), KEPT);
        try (Bundle together = Bundle.open(outcome.bundle());
                Bundle first = Bundle.open(folder.resolve("models").resolve("first"))) {
            assertThat(together.hash()).isEqualTo(outcome.model());
            JsonNode training = together.description().training();
            assertThat(training.path("members")).hasSize(2);
            assertThat(training.path("members").get(0).path("model").asText()).isEqualTo(first.hash());
            assertThat(training.path("split").asText()).isEqualTo("patella");
            assertThat(together.description().heldOut()).containsExactly("p40", "p41", "p42", "p43", "p44");
            assertThat(together.description().cutpoints()).hasSize(4);
            assertThat(together.description().preparation())
                    .isEqualTo(first.description().preparation());
            assertThat(together.typical()).isNotNull();
            assertThat(together.card())
                    .contains(
                            "| first | 2.0 | 32 pixels | 1 of 1 |",
                            "thresholds and cutpoints were chosen on these very")
                    .contains("| QWK |");
            Map<String, Tensor> weights = ProgramArchive.open(together.model()).tensors();
            Map<String, Tensor> member = ProgramArchive.open(first.model()).tensors();
            float[] stored = Objects.requireNonNull(weights.get("member_0.head_ordinal.weight"))
                    .toFloats();
            float[] trained =
                    Objects.requireNonNull(member.get("head_ordinal.weight")).toFloats();
            for (int i = 0; i < stored.length; i++) {
                assertThat(Float.floatToRawIntBits(stored[i]) & 0x1fff).isZero(); // ten bits of fraction
                assertThat(Math.abs(stored[i] - trained[i])).isLessThanOrEqualTo(Math.abs(trained[i]) / 2048 + 1e-7f);
            }
        }
        assertThat(warehouse.collect(ModelRow.TABLE, warehouse.read(ModelRow.TABLE)))
                .filteredOn(row -> row.name().equals("together"))
                .singleElement()
                .satisfies(row -> assertThat(row.model()).isEqualTo(outcome.model()));
    }

    @Test
    void aSingleMemberIsTakenToLargerPictures() {
        EnsembleJob.Outcome outcome =
                join("larger", List.of("first"), "preparation.size=48", "thresholds=trained", "stored=f32");
        try (Bundle larger = Bundle.open(outcome.bundle());
                Bundle first = Bundle.open(folder.resolve("models").resolve("first"))) {
            assertThat(larger.description().preparation().size()).isEqualTo(48);
            assertThat(larger.description().grader().path("name").asText()).isEqualTo("larger");
            Map<String, Tensor> before = ProgramArchive.open(first.model()).tensors();
            ProgramArchive.open(larger.model())
                    .tensors()
                    .forEach((name, tensor) -> assertThat(tensor.toFloats())
                            .as(name)
                            .isEqualTo(Objects.requireNonNull(before.get(name)).toFloats()));
        }
    }

    @Test
    void aRelativePathIsFromTheConfsFolder() throws IOException {
        Path file = Files.createDirectories(folder.resolve("confs")).resolve("own.yaml");
        Files.writeString(
                file,
                Files.readString(CONF)
                        .replace("../../warehouse/models/patella-small-rough", "../models/first")
                        .replace("../../warehouse/models/patella-small-plain", "../models/absent")
                        .replace("../../warehouse/models/patella-mobile-160", "../models/first"));
        List<String> overrides = List.of("name=beside", "cohort=own", "split=patella", "threads=1", KEPT);
        assertThatThrownBy(() -> join(file, overrides))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bundle: no such file or folder: " + folder.resolve("models/absent"));
        Files.writeString(file, Files.readString(file).replace("models/absent", "models/second"));
        assertThat(join(file, overrides).bundle()).isDirectory();
    }

    @Test
    void whoeverLearnedFromTheValidationPartMayNotJoin() {
        assertThatThrownBy(() -> join("leak", List.of("first", "turned"), KEPT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "was trained with another split of own, so it may have learned from the validation part: turned");
        assertThat(folder.resolve("models").resolve("leak")).doesNotExist();
    }

    @Test
    void membersThatSeeOtherPicturesNeedOnePreparation() {
        join("small", List.of("second"), "preparation.size=24");
        assertThatThrownBy(() -> join("mixed", List.of("first", "small"), KEPT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("prepares pictures otherwise than");
    }

    @Test
    void anEnsembleJoinsByItsMembersWhoShareItsShare() {
        EnsembleJob.Outcome inner = join("inner", List.of("first", "second"), KEPT, "thresholds=trained");
        EnsembleJob.Outcome outer = join("outer", List.of("inner", "second"), KEPT, "thresholds=trained");
        try (Bundle whole = Bundle.open(outer.bundle());
                Bundle part = Bundle.open(inner.bundle());
                Bundle second = Bundle.open(folder.resolve("models").resolve("second"))) {
            JsonNode members = whole.description().training().path("members");
            assertThat(members).hasSize(3);
            assertThat(members)
                    .extracting(each -> each.path("share").asDouble())
                    .containsExactly(1., 1., 2.);
            assertThat(members.get(1).path("model").asText()).isEqualTo(second.hash());
            assertThat(members.get(1).path("training").path("run_id").asText())
                    .isEqualTo(second.description().training().path("run_id").asText());
            assertThat(whole.description().grader().path("members")).hasSize(3);
            assertThat(whole.description().heldOut()).containsExactly("p40", "p41", "p42", "p43", "p44");
            Map<String, Tensor> before = ProgramArchive.open(part.model()).tensors();
            Map<String, Tensor> after = ProgramArchive.open(whole.model()).tensors();
            before.forEach((name, tensor) -> assertThat(
                            Objects.requireNonNull(after.get(name)).toFloats())
                    .as(name)
                    .isEqualTo(tensor.toFloats()));
        }
    }

    /** What an ensemble's member was trained from counts as the member's own past. */
    @Test
    void aLeakThroughAnEnsembleIsFound() {
        join("inside", List.of("turned", "turned"), KEPT, "split=turned");
        assertThatThrownBy(() -> join("leaky", List.of("inside", "first"), KEPT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("it may have learned from the validation part: turned");
    }

    @Test
    void aMemberIsNotReplaced() {
        assertThatThrownBy(() -> join("first", List.of("first", "second"), KEPT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("name: is the name of the bundle to start from: first");
    }
}
