package io.patella.engine.training;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What a training may see: examples of the train part to learn from and of the validation part to choose by. No test row, no patient
 * and no identical picture in both: a set that leaks cannot be made.
 */
public final class TrainingSet {
    private static final int NAMED = 5;

    private final List<Example> train;
    private final List<Example> validation;
    private final List<String> notes;

    private TrainingSet(List<Example> train, List<Example> validation, List<String> notes) {
        this.train = List.copyOf(train);
        this.validation = List.copyOf(validation);
        this.notes = List.copyOf(notes);
    }

    /**
     * A training set in which both parts hold every grade.
     *
     * @throws InputException when it leaks, a part is empty or lacks a grade, or an image comes twice
     */
    public static TrainingSet of(List<Example> train, List<Example> validation) {
        TrainingSet set = ofGradesAtHand(train, validation);
        if (!set.notes.isEmpty()) {
            throw new InputException(
                    "training set",
                    "a part lacks a grade",
                    String.join("; ", set.notes),
                    "use more images, or merge grades");
        }
        return set;
    }

    /** The same for small local cohorts: a part that lacks a grade is noted, not refused. */
    public static TrainingSet ofGradesAtHand(List<Example> train, List<Example> validation) {
        check(train, Part.TRAIN);
        check(validation, Part.VALIDATION);
        apart("patient", train, validation, Example::patientId);
        apart("picture", train, validation, Example::pixelSha256);
        List<String> notes = new ArrayList<>();
        note(train, Part.TRAIN, notes);
        note(validation, Part.VALIDATION, notes);
        return new TrainingSet(train, validation, notes);
    }

    private static void check(List<Example> examples, Part part) {
        if (examples.isEmpty()) {
            throw new InputException("training set", "no images in part", part.word(), "run: patella split");
        }
        Set<String> seen = new HashSet<>();
        for (Example each : examples) {
            if (each.part() != part) {
                throw new InputException(
                        each.imageId(),
                        "is offered as " + part.word() + " but belongs to part",
                        each.part().word(),
                        "training sees train and validation rows only, each in its place");
            }
            if (!seen.add(each.imageId())) {
                throw new InputException("part " + part.word(), "image comes twice", each.imageId(), "drop one row");
            }
        }
        if (examples.stream().map(Example::grade).distinct().count() < 2) {
            throw new InputException(
                    "part " + part.word(),
                    "holds a single grade",
                    examples.get(0).grade(),
                    "no grader can be trained or judged on it");
        }
    }

    private static void apart(
            String what, List<Example> train, List<Example> validation, Function<Example, String> key) {
        Map<String, String> known = new HashMap<>();
        train.forEach(each -> known.put(key.apply(each), each.imageId()));
        List<String> shared = new ArrayList<>();
        for (Example each : validation) {
            String other = known.get(key.apply(each));
            if (other != null) {
                shared.add(other + " and " + each.imageId());
            }
        }
        if (!shared.isEmpty()) {
            throw new InputException(
                    "training set",
                    "the same " + what + " in train and validation, " + shared.size() + " times",
                    String.join("; ", shared.subList(0, Math.min(NAMED, shared.size()))),
                    "split by patient: patella split; identical pictures stay together");
        }
    }

    private static void note(List<Example> examples, Part part, List<String> notes) {
        int[] counts = counts(examples);
        for (int grade = 0; grade < Grade.COUNT; grade++) {
            if (counts[grade] == 0) {
                notes.add("part " + part.word() + " has no image of grade " + grade);
            }
        }
    }

    private static int[] counts(List<Example> examples) {
        int[] counts = new int[Grade.COUNT];
        examples.forEach(each -> counts[each.grade()]++);
        return counts;
    }

    /** Examples to learn from. */
    public List<Example> train() {
        return train;
    }

    /** Examples to choose by: early stopping and cutpoints. */
    public List<Example> validation() {
        return validation;
    }

    /** What a reader of the results should know. */
    public List<String> notes() {
        return notes;
    }
}
