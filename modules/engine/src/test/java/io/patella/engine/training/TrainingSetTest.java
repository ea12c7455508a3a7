package io.patella.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingSetTest {
    private static List<Example> part(Part part, int first) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int patient = first + i / 2;
            examples.add(new Example(
                    patient + (i % 2 == 0 ? "L" : "R"), "" + patient, i % 5, "pixels" + first + "-" + i, part));
        }
        return examples;
    }

    private final List<Example> train = part(Part.TRAIN, 100);
    private final List<Example> validation = part(Part.VALIDATION, 200);

    @Test
    void cleanPartsAreTaken() {
        TrainingSet set = TrainingSet.of(train, validation);
        assertThat(set.train()).hasSize(10);
        assertThat(set.validation()).hasSize(10);
        assertThat(set.notes()).isEmpty();
    }

    @Test
    void aPatientInBothPartsIsRefused() {
        validation.set(3, new Example("100R-again", "100", 3, "other", Part.VALIDATION));
        assertThatThrownBy(() -> TrainingSet.of(train, validation))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the same patient in train and validation, 1 times")
                .hasMessageContaining("100R-again");
    }

    @Test
    void anIdenticalPictureInBothPartsIsRefused() {
        validation.set(3, new Example("201R", "201", 3, "pixels100-4", Part.VALIDATION));
        assertThatThrownBy(() -> TrainingSet.of(train, validation))
                .hasMessageContaining("the same picture in train and validation")
                .hasMessageContaining("102L and 201R");
    }

    @Test
    void aTestRowIsRefusedWhereverItIsOffered() {
        train.set(0, new Example("9L", "9", 0, "x", Part.TEST));
        assertThatThrownBy(() -> TrainingSet.of(train, validation))
                .hasMessageContaining("9L: is offered as train but belongs to part: test");
        assertThatThrownBy(() -> TrainingSet.of(part(Part.TRAIN, 1), part(Part.TEST, 50)))
                .hasMessageContaining("is offered as validation but belongs to part: test");
    }

    @Test
    void aPartWithoutAGradeIsRefusedOrNoted() {
        validation.removeIf(each -> each.grade() == 4);
        assertThatThrownBy(() -> TrainingSet.of(train, validation))
                .hasMessageContaining("part validation has no image of grade 4");
        assertThat(TrainingSet.ofGradesAtHand(train, validation).notes())
                .containsExactly("part validation has no image of grade 4");
    }

    @Test
    void emptyDoubleAndMisgradedRowsAreRefused() {
        assertThatThrownBy(() -> TrainingSet.of(train, List.of()))
                .hasMessageContaining("no images in part: validation");
        train.add(train.get(0));
        assertThatThrownBy(() -> TrainingSet.of(train, validation)).hasMessageContaining("image comes twice: 100L");
        assertThatThrownBy(() -> new Example("1L", "1", 5, "x", Part.TRAIN))
                .hasMessageContaining("1L: grade outside 0..4: 5");
    }

    private static List<Example> many(int patients) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 2 * patients; i++) {
            examples.add(new Example("m" + i, "q" + i / 2, i / 2 % 5, "sha" + i, Part.TRAIN));
        }
        return examples;
    }

    @Test
    void sharesOfTheLabelsAreNestedStratifiedAndByPatient() {
        TrainingSet set = TrainingSet.of(many(100), validation);
        List<Example> quarter = set.share(0.25, 42).train();
        List<Example> half = set.share(0.5, 42).train();
        assertThat(quarter).hasSize(50);
        assertThat(half).hasSize(100).containsAll(quarter);
        for (int grade = 0; grade < 5; grade++) {
            int g = grade;
            assertThat(quarter.stream().filter(each -> each.grade() == g)).hasSize(10);
        }
        assertThat(set.share(0.25, 43).train()).isNotEqualTo(quarter);
        assertThat(set.share(1, 42).train()).isEqualTo(set.train());
        assertThat(set.images(60, 42).train())
                .hasSize(60)
                .isSubsetOf(set.images(80, 42).train());
        assertThatThrownBy(() -> set.share(0, 42)).hasMessageContaining("share: outside 0..1: 0.0");
        assertThatThrownBy(() -> set.images(201, 42)).hasMessageContaining("images: outside 2..200: 201");
    }

    @Test
    void foldsJudgeEveryPatientOnceAndNeverLeak() {
        List<Example> all = many(53);
        List<TrainingSet> folds = TrainingSet.folds(all, 5, 42);
        List<String> judged = new ArrayList<>();
        for (TrainingSet fold : folds) {
            assertThat(fold.train().size() + fold.validation().size()).isEqualTo(106);
            assertThat(fold.validation().size()).isBetween(20, 22);
            fold.validation().forEach(each -> judged.add(each.imageId()));
        }
        assertThat(judged).hasSize(106).doesNotHaveDuplicates();
        all.set(0, new Example("m0", "q0", 0, "sha50", Part.TRAIN)); // the picture of another patient
        assertThatThrownBy(() -> {
                    for (long seed = 0; seed < 20; seed++) {
                        TrainingSet.folds(all, 5, seed);
                    }
                })
                .hasMessageContaining("the same picture in train and validation");
        all.set(0, new Example("m0", "q0", 0, "sha0", Part.TEST));
        assertThatThrownBy(() -> TrainingSet.folds(all, 5, 42)).hasMessageContaining("belongs to part: test");
    }
}
