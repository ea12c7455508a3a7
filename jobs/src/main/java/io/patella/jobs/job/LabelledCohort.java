package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

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
import io.patella.jobs.conf.TrainConf;
import io.patella.network.preparation.Preparation;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a training reads of one cohort: the reference grades of the train and validation parts of a split, and their pictures. Of the
 * test part it reads whose pictures they are and their hashes, so that both can be kept out, never a grade or a pixel.
 */
final class LabelledCohort {
    private static final int BATCH = 32;

    private final Warehouse warehouse;
    private final String cohort;
    private final String split;
    private final Dataset<Row> labelled;
    private final List<Example> examples;
    private final Map<String, String> heldOutPictures;
    private final List<String> heldOut;

    private LabelledCohort(Warehouse warehouse, String cohort, String split) {
        this.warehouse = warehouse;
        this.cohort = cohort;
        this.split = split;
        Dataset<Row> all = labelled(warehouse, cohort, split);
        this.labelled = all.where(col("part").notEqual(Part.TEST.word()));
        this.examples = examples(labelled);
        this.heldOutPictures = new TreeMap<>();
        TreeSet<String> patients = new TreeSet<>();
        for (Row row : all.where(col("part").equalTo(Part.TEST.word()))
                .select("pixel_sha256", "patient_id")
                .collectAsList()) {
            heldOutPictures.put(row.getString(0), row.getString(1));
            patients.add(row.getString(1));
        }
        this.heldOut = List.copyOf(patients);
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

    /** All examples of the train and validation parts; refused when they leak. */
    TrainingSet set() {
        return set(null, 0);
    }

    /**
     * The examples that a training may see; refused when they leak.
     *
     * @param labels how much of the train part; null for all
     * @param seed of the draw
     */
    TrainingSet set(TrainConf.@Nullable LabelsConf labels, long seed) {
        Map<Part, List<Example>> byPart = examples.stream().collect(Collectors.groupingBy(Example::part));
        TrainingSet whole = TrainingSet.ofGradesAtHand(
                byPart.getOrDefault(Part.TRAIN, List.of()), byPart.getOrDefault(Part.VALIDATION, List.of()));
        return labels == null ? whole : labels.of(whole, seed);
    }

    /** The squares of all examples, made once for this snapshot and preparation. */
    PictureCache squares(Path folder, Preparation preparation) {
        long snapshot = warehouse.snapshot(PictureRow.TABLE).orElse(0);
        String key = cohort + "|" + split + "|" + snapshot + "|" + examples.size();
        return PictureCache.open(folder, key, preparation, this::pictures);
    }

    /** Reference grades with patient, pixel hash and part; a radiograph whose patient has no part is in none. */
    private static Dataset<Row> labelled(Warehouse warehouse, String cohort, String split) {
        Dataset<Row> radiographs =
                warehouse.read(RadiographRow.TABLE, cohort).select("image_id", "patient_id", "pixel_sha256");
        Dataset<Row> grades = warehouse.read(ReferenceGradeRow.TABLE, cohort).select("image_id", "grade");
        Dataset<Row> parts = warehouse
                .read(PartRow.TABLE, cohort)
                .where(col("split").equalTo(split))
                .select("patient_id", "part");
        if (parts.isEmpty()) {
            throw new InputException(
                    cohort,
                    "has no split of this name",
                    split,
                    "run: patella split --cohort " + cohort
                            + ", or name one that `select distinct split from parts` lists");
        }
        return radiographs.join(grades, "image_id").join(parts, "patient_id");
    }

    private static List<Example> examples(Dataset<Row> labelled) {
        return labelled
                .select("image_id", "patient_id", "grade", "pixel_sha256", "part")
                .orderBy("image_id")
                .collectAsList()
                .stream()
                .map(row -> new Example(
                        row.getString(0),
                        row.getString(1),
                        row.getInt(2),
                        row.getString(3),
                        Part.parse(row.getString(4), "parts.part")))
                .toList();
    }

    private Iterator<PictureCache.Named> pictures() {
        Iterator<Row> rows = warehouse
                .read(PictureRow.TABLE, cohort)
                .join(labelled.select("image_id"), "image_id")
                .select("image_id", "bytes")
                .toLocalIterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public PictureCache.Named next() {
                Row row = rows.next();
                return new PictureCache.Named(row.getString(0), PictureBytes.decode(row.getAs(1)));
            }
        };
    }

    private record Pictured(Example example, Gray8 picture) {}

    /** The pictures of some of the examples, in any order, one at a time. */
    private Stream<Pictured> pictured(Collection<Example> some) {
        Map<String, Example> wanted = some.stream().collect(Collectors.toMap(Example::imageId, Function.identity()));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pictures(), Spliterator.ORDERED), false)
                .filter(each -> wanted.containsKey(each.imageId()))
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
