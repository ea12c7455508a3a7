package io.patella.engine.training;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.network.preparation.CounterRandom;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    /**
     * The same validation part with some of the training patients: for the question how many labels are needed. Shares are stratified on
     * the patient's highest grade and nested: the patients of 25 % are among those of 50 %.
     *
     * @param share 0..1 of the patients of each stratum, at least one
     */
    public TrainingSet share(double share, long seed) {
        if (!(share > 0 && share <= 1)) {
            throw new InputException("share", "outside 0..1", share, "use 0.25, 0.5, 0.75, 1");
        }
        Set<String> kept = new HashSet<>();
        strata(train, seed)
                .forEach((grade, patients) ->
                        kept.addAll(patients.subList(0, Math.max(1, (int) Math.rint(share * patients.size())))));
        return ofGradesAtHand(of(train, kept), validation);
    }

    /** The same validation part with so many training images, whole patients, strata alike; nested too. */
    public TrainingSet images(int images, long seed) {
        if (images < 2 || images > train.size()) {
            throw new InputException("images", "outside 2.." + train.size(), images, "there are no more in this part");
        }
        Map<String, Integer> count = new HashMap<>();
        train.forEach(each -> count.merge(each.patientId(), 1, Integer::sum));
        Map<Integer, List<String>> strata = strata(train, seed);
        TreeMap<Double, String> order = new TreeMap<>(); // strata interleaved in proportion
        strata.forEach((grade, patients) -> {
            for (int i = 0; i < patients.size(); i++) {
                order.put((i + 0.5) / patients.size() + grade * 1e-9, patients.get(i));
            }
        });
        Set<String> kept = new HashSet<>();
        int sum = 0;
        for (String patient : order.values()) {
            if (sum >= images) {
                break;
            }
            kept.add(patient);
            sum += count.getOrDefault(patient, 0);
        }
        return ofGradesAtHand(of(train, kept), validation);
    }

    /**
     * Cross-validation by patient: {@code folds} sets, each validating on another part of the patients, strata alike. Patients who share
     * an identical picture must have been brought together before (the split does it); a set that leaks is refused here as everywhere.
     */
    public static List<TrainingSet> folds(List<Example> examples, int folds, long seed) {
        Map<String, Integer> foldOf = new HashMap<>();
        int next = 0;
        for (List<String> patients : strata(examples, seed).values()) {
            for (String patient : patients) {
                foldOf.put(patient, next++ % folds);
            }
        }
        if (folds < 2 || foldOf.size() < folds) {
            throw new InputException(
                    "folds", "need at least 2, and a patient each", folds, "there are " + foldOf.size() + " patients");
        }
        List<TrainingSet> sets = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            List<Example> learn = new ArrayList<>();
            List<Example> judge = new ArrayList<>();
            for (Example each : examples) {
                boolean judged = foldOf.getOrDefault(each.patientId(), -1) == fold;
                (judged ? judge : learn).add(each.in(judged ? Part.VALIDATION : Part.TRAIN));
            }
            sets.add(ofGradesAtHand(learn, judge));
        }
        return sets;
    }

    private static List<Example> of(List<Example> examples, Set<String> patients) {
        return examples.stream()
                .filter(each -> patients.contains(each.patientId()))
                .toList();
    }

    /** Patients by their highest grade, in an order that depends on the seed and their names alone. */
    private static Map<Integer, List<String>> strata(List<Example> examples, long seed) {
        Map<String, Integer> highest = new TreeMap<>();
        examples.forEach(each -> highest.merge(each.patientId(), each.grade(), Math::max));
        Map<Integer, List<String>> strata = new TreeMap<>();
        highest.forEach((patient, grade) ->
                strata.computeIfAbsent(grade, key -> new ArrayList<>()).add(patient));
        strata.values()
                .forEach(patients -> patients.sort(
                        Comparator.comparingLong((String patient) -> new CounterRandom(seed, key(patient)).bits())
                                .thenComparing(Comparator.naturalOrder())));
        return strata;
    }

    private static long key(String text) {
        long hash = 0xcbf29ce484222325L; // FNV-1a
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 255)) * 0x100000001b3L;
        }
        return hash;
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
