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
}
