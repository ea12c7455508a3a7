package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.engine.OpenedBundle;
import io.patella.engine.Prediction;
import io.patella.engine.TypicalPictures;
import io.patella.engine.training.Example;
import io.patella.engine.training.PictureCache;
import io.patella.engine.training.TrainingSet;
import io.patella.engine.training.ValidationAnswers;
import io.patella.imaging.Gray8;
import io.patella.imaging.PictureBytes;
import io.patella.imaging.Sha256;
import io.patella.jobs.conf.TrainConf;
import io.patella.network.preparation.Preparation;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a training reads of one cohort: the reference grades of the train and validation parts of a split, and their pictures. Of the
 * test part it keeps whose pictures they are and their hashes, so that both can be kept out, never a grade or a pixel.
 */
final class LabelledCohort {
    private static final int BATCH = 32;

    private final Warehouse warehouse;
    private final String cohort;
    private final String split;
    private final List<Example> examples;
    private final Map<String, String> heldOutPictures;
    private final List<String> heldOut;

    private LabelledCohort(Warehouse warehouse, String cohort, String split) {
        this.warehouse = warehouse;
        this.cohort = cohort;
        this.split = split;
        Map<String, Part> parts = parts(warehouse, cohort, split);
        this.heldOut = parts.entrySet().stream()
                .filter(each -> each.getValue() == Part.TEST)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        this.heldOutPictures = new TreeMap<>();
        Map<String, Row> open = new HashMap<>(); // radiographs of the other two parts
        for (Row row :
                warehouse.collect(RadiographRow.TABLE, cohort, List.of("image_id", "patient_id", "pixel_sha256"))) {
            Part part = parts.get(row.getString(1));
            if (part == Part.TEST) {
                heldOutPictures.put(row.getString(2), row.getString(1));
            } else if (part != null && open.put(row.getString(0), row) != null) {
                throw new InputException(
                        cohort,
                        "radiograph stands there twice",
                        row.getString(0),
                        "two ingests ran at once; delete one of the rows from radiographs");
            }
        }
        List<Example> labelled = new ArrayList<>();
        for (Row grade : warehouse.collect(ReferenceGradeRow.TABLE, cohort, List.of("image_id", "grade"))) {
            Row radiograph = open.get(grade.getString(0));
            if (radiograph != null) {
                String patient = radiograph.getString(1);
                Part part = Objects.requireNonNull(parts.get(patient));
                labelled.add(new Example(grade.getString(0), patient, grade.getInt(1), radiograph.getString(2), part));
            }
        }
        labelled.sort(Comparator.comparing(Example::imageId));
        this.examples = List.copyOf(labelled);
    }

    /**
     * Reads the labels.
     *
     * @throws InputException when the cohort has no split of this name
     */
    static LabelledCohort read(Warehouse warehouse, String cohort, String split) {
        return new LabelledCohort(warehouse, cohort, split);
    }

    String cohort() {
        return cohort;
    }

    String split() {
        return split;
    }

    /** Patients of the test part, sorted. */
    List<String> heldOut() {
        return heldOut;
    }

    /** The test part's pictures: patient by pixel hash. */
    Map<String, String> heldOutPictures() {
        return heldOutPictures;
    }

    /** All examples of the train and validation parts; refused when they leak, into each other or into the test part. */
    TrainingSet set() {
        return set(null, 0);
    }

    /**
     * The examples that a training may see; refused when they leak, into each other or into the test part.
     *
     * @param labels how much of the train part; null for all
     * @param seed of the draw
     */
    TrainingSet set(TrainConf.@Nullable LabelsConf labels, long seed) {
        List<String> alsoTested = examples.stream()
                .filter(each -> heldOutPictures.containsKey(each.pixelSha256()))
                .map(Example::imageId)
                .toList();
        if (!alsoTested.isEmpty()) {
            throw new InputException(
                    cohort,
                    alsoTested.size() + " pictures to learn from or choose by are in the test part of " + split
                            + " too, under another patient, such as",
                    alsoTested.get(0),
                    "use a split of patella split, where identical pictures stay together, or drop the grade of one");
        }
        Map<Part, List<Example>> byPart = examples.stream().collect(Collectors.groupingBy(Example::part));
        TrainingSet whole = TrainingSet.ofGradesAtHand(
                byPart.getOrDefault(Part.TRAIN, List.of()), byPart.getOrDefault(Part.VALIDATION, List.of()));
        return labels == null ? whole : labels.of(whole, seed);
    }

    /** The squares of all examples, made once for these pictures and this preparation. */
    PictureCache squares(Path folder, Preparation preparation) {
        StringBuilder pictures = new StringBuilder();
        examples.forEach(each -> pictures.append(each.imageId())
                .append(' ')
                .append(each.pixelSha256())
                .append('\n'));
        String key = cohort + "|" + Sha256.hex(pictures.toString().getBytes(StandardCharsets.UTF_8));
        return PictureCache.open(folder, key, preparation, () -> pictures(examples));
    }

    /** Part by patient. */
    private static Map<String, Part> parts(Warehouse warehouse, String cohort, String split) {
        Map<String, Part> parts = new HashMap<>();
        for (Row row : warehouse.collect(PartRow.TABLE, cohort, List.of("split", "patient_id", "part"))) {
            if (row.getString(0).equals(split)) {
                Part part = Part.parse(row.getString(2), "parts.part");
                Part other = parts.put(row.getString(1), part);
                if (other != null && other != part) {
                    throw new InputException(
                            cohort,
                            "patient is in parts " + other.word() + " and " + part.word() + " of " + split,
                            row.getString(1),
                            "delete one of the rows from parts");
                }
            }
        }
        if (parts.isEmpty()) {
            throw new InputException(
                    cohort,
                    "has no split of this name",
                    split,
                    "run: patella split --cohort " + cohort
                            + ", or name one that `select distinct split from parts` lists");
        }
        return parts;
    }

    /**
     * The pictures of {@code some}, in any order, one at a time; the end is refused as long as one is missing, and so is one that
     * comes again.
     */
    private Iterator<PictureCache.Named> pictures(Collection<Example> some) {
        Set<String> missing = some.stream().map(Example::imageId).collect(Collectors.toCollection(TreeSet::new));
        Iterator<Row> rows = warehouse
                .read(PictureRow.TABLE, cohort, "image_id", missing)
                .select("image_id", "bytes")
                .toLocalIterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                if (!rows.hasNext() && !missing.isEmpty()) {
                    throw new InputException(
                            cohort,
                            missing.size() + " of " + some.size() + " pictures are not in the table pictures, such as",
                            missing.iterator().next(),
                            "ingest them again, or drop their grades");
                }
                return rows.hasNext();
            }

            @Override
            public PictureCache.Named next() {
                Row row = rows.next();
                if (!missing.remove(row.getString(0))) {
                    throw new InputException(
                            cohort,
                            "picture stands there twice",
                            row.getString(0),
                            "two ingests ran at once; delete one of the rows from pictures");
                }
                return new PictureCache.Named(row.getString(0), PictureBytes.decode(row.getAs(1)));
            }
        };
    }

    private record Pictured(Example example, Gray8 picture) {}

    private Stream<Pictured> pictured(Collection<Example> some) {
        Map<String, Example> wanted = some.stream().collect(Collectors.toMap(Example::imageId, Function.identity()));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pictures(some), Spliterator.ORDERED), false)
                .map(each -> new Pictured(Objects.requireNonNull(wanted.get(each.imageId())), each.picture()));
    }

    /**
     * What a bundle says to the validation part of {@code set}.
     *
     * @param threads of the processor
     */
    ValidationAnswers answers(Path bundle, TrainingSet set, Device device, int threads) {
        List<Example> examples = new ArrayList<>();
        List<Prediction> answers = new ArrayList<>();
        try (OpenedBundle grader = OpenedBundle.open(bundle, device, ExecutionMode.float32(device), threads)) {
            List<Gray8> batch = new ArrayList<>();
            Iterator<Pictured> validation = pictured(set.validation()).iterator();
            while (validation.hasNext()) {
                Pictured each = validation.next();
                examples.add(each.example());
                batch.add(each.picture());
                if (batch.size() == BATCH || !validation.hasNext()) {
                    answers.addAll(grader.grade(batch));
                    batch.clear();
                }
            }
        }
        return new ValidationAnswers(examples, answers);
    }

    /**
     * Teaches a bundle which pictures are typical: those of {@code set}, which it learned from.
     *
     * @return the bundle's new hash
     */
    String teachTypical(Path bundle, TrainingSet set, Device device, int threads) {
        List<Example> seen = new ArrayList<>(set.train());
        seen.addAll(set.validation());
        Iterator<TypicalPictures.Labelled> pictures = pictured(seen)
                .map(each -> new TypicalPictures.Labelled(
                        each.picture(), each.example().grade(), each.example().part()))
                .iterator();
        return TypicalPictures.addTo(bundle, device, threads, set.train().size(), pictures);
    }
}
