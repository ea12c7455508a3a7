package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.Device;
import io.patella.engine.training.Epoch;
import io.patella.engine.training.Example;
import io.patella.engine.training.PictureCache;
import io.patella.engine.training.Trained;
import io.patella.engine.training.Trainer;
import io.patella.engine.training.TrainingEvent;
import io.patella.engine.training.TrainingPlan;
import io.patella.engine.training.TrainingSet;
import io.patella.imaging.PictureBytes;
import io.patella.jobs.conf.TrainConf;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Grader;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.Tensor;
import io.patella.tables.Warehouse;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import io.patella.tables.row.TrainingHistoryRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Trains a grader on a cohort's train part, chooses on its validation part, and writes a bundle. On the driver: Spark reads the tables
 * once into a memory-mapped cache. The test part is not read at all but for its patients' ids, which the bundle carries.
 */
public final class TrainJob {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TrainConf conf;
    private final Path warehouseFolder;
    private final PrintWriter log;

    /**
     * @param warehouseFolder holds caches ({@code training/cache}), checkpoints ({@code training/NAME}) and bundles ({@code models/NAME})
     * @param log where progress goes
     */
    public TrainJob(TrainConf conf, Path warehouseFolder, PrintWriter log) {
        this.conf = conf;
        this.warehouseFolder = warehouseFolder;
        this.log = log;
    }

    /**
     * What came of a training.
     *
     * @param bundle where the bundle lies; null when the run was interrupted before its end
     * @param model the bundle's hash
     * @param trained figures and learning curves
     */
    public record Outcome(@Nullable Path bundle, @Nullable String model, Trained trained) {}

    /** Trains; goes on where an interrupted run of the same name stopped. */
    public Outcome run() {
        return JobRun.of("train", conf.cohort(), conf, log).run(this::train);
    }

    private Outcome train(JobRun run) {
        Warehouse warehouse = run.warehouse();
        Grader grader = conf.grader().grader(conf.name());
        Preparation preparation = conf.preparation().preparation();
        run.phase("reading labels and parts of " + conf.cohort() + ", split " + conf.split());
        Dataset<Row> labelled = labelled(warehouse);
        List<Example> examples = examples(labelled.where(col("part").notEqual(Part.TEST.word())));
        List<String> heldOut = new ArrayList<>(new TreeSet<>(
                labelled
                        .where(col("part").equalTo(Part.TEST.word()))
                        .select("patient_id")
                        .distinct()
                        .collectAsList()
                        .stream()
                        .map(row -> row.getString(0))
                        .toList()));
        Map<Part, List<Example>> byPart = examples.stream().collect(Collectors.groupingBy(Example::part));
        List<Example> train = byPart.getOrDefault(Part.TRAIN, List.of());
        List<Example> validation = byPart.getOrDefault(Part.VALIDATION, List.of());
        run.count("train_images", train.size());
        run.count("validation_images", validation.size());
        TrainingSet set = TrainingSet.ofGradesAtHand(train, validation);

        Path training = warehouseFolder.resolve("training");
        long snapshot = warehouse.snapshot(PictureRow.TABLE).orElse(0);
        run.phase("preparing " + examples.size() + " pictures, once for this snapshot and preparation");
        String key = conf.cohort() + "|" + conf.split() + "|" + snapshot + "|" + examples.size();
        try (PictureCache cache =
                PictureCache.open(training.resolve("cache"), key, preparation, () -> pictures(warehouse, labelled))) {
            Start start = start(grader);
            TrainingPlan plan = new TrainingPlan(
                    grader,
                    start.weights(),
                    start.name(),
                    conf.losses(),
                    preparation,
                    conf.recipe(),
                    Device.parse(conf.device(), "device"),
                    conf.threads());
            run.phase("training " + conf.name() + " on " + conf.device() + " with " + conf.threads() + " threads");
            Trained trained = new Trainer(plan, set, cache, training.resolve(conf.name()), new TrainingLog(log)).run();
            if (trained.stopped().reason() == TrainingEvent.Reason.INTERRUPTED) {
                run.next("patella train with the same conf: it goes on from " + training.resolve(conf.name()));
                return new Outcome(null, null, trained);
            }
            return written(run, grader, preparation, set, heldOut, start, trained);
        }
    }

    private Outcome written(
            JobRun run,
            Grader grader,
            Preparation preparation,
            TrainingSet set,
            List<String> heldOut,
            Start start,
            Trained trained) {
        ProgramModule program = grader.program(Layers.plain());
        WeightSource.named(trained.weights(), conf.name()).fill(program);
        ObjectNode provenance = JSON.createObjectNode();
        provenance.put("run_id", run.id());
        provenance.put("cohort", conf.cohort());
        provenance.put("split", conf.split());
        provenance.set("snapshots", JSON.valueToTree(run.warehouse().snapshotsRead()));
        provenance.put("start", start.name());
        provenance.set("recipe", tree(conf.recipe().json()));
        provenance.set("losses", JSON.valueToTree(conf.losses()));
        provenance.put("best_epoch", trained.bestEpoch());
        provenance.put("weights", trained.bestIsAverage() ? "moving average" : "raw");
        provenance.put("commit", Versions.commit());
        BundleDescription description = new BundleDescription(
                conf.name(),
                grader.json(),
                preparation,
                trained.cutpoints() == null
                        ? null
                        : trained.cutpoints().cutpoints().toList(),
                provenance,
                heldOut);
        ModelCard card = ModelCard.of(conf, set, trained, run.id());
        Path bundle = warehouseFolder.resolve("models").resolve(conf.name());
        String model = write(bundle, program, description, card.markdown());
        run.warehouse()
                .append(
                        ModelRow.TABLE,
                        List.of(new ModelRow(
                                model,
                                conf.name(),
                                bundle.toAbsolutePath().toUri().toString(),
                                grader.json().toString(),
                                preparation.hash(),
                                card.markdown(),
                                run.id(),
                                Instant.now())));
        run.count(run.warehouse().append(TrainingHistoryRow.TABLE, history(model, trained, run.id())));
        run.phase("bundle " + bundle + ", model " + model);
        run.next("patella grade --bundle " + bundle + " --cohort " + conf.cohort());
        run.summary(card.summary());
        return new Outcome(bundle, model, trained);
    }

    private static String write(Path bundle, ProgramModule program, BundleDescription description, String card) {
        try {
            Files.createDirectories(bundle.toAbsolutePath().getParent());
            Path archive = Files.createTempFile(bundle.toAbsolutePath().getParent(), ".model", ".pt");
            try {
                ProgramArchive.write(program, archive, Map.of());
                return Bundle.write(bundle, description, archive, card);
            } finally {
                Files.deleteIfExists(archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + bundle, e);
        }
    }

    /** Reference grades with patient, pixel hash and part; a radiograph whose patient has no part is in none. */
    private Dataset<Row> labelled(Warehouse warehouse) {
        Dataset<Row> radiographs =
                warehouse.read(RadiographRow.TABLE, conf.cohort()).select("image_id", "patient_id", "pixel_sha256");
        Dataset<Row> grades =
                warehouse.read(ReferenceGradeRow.TABLE, conf.cohort()).select("image_id", "grade");
        Dataset<Row> parts = warehouse
                .read(PartRow.TABLE, conf.cohort())
                .where(col("split").equalTo(conf.split()))
                .select("patient_id", "part");
        if (parts.isEmpty()) {
            throw new InputException(
                    conf.cohort(),
                    "has no split of this name",
                    conf.split(),
                    "run: patella split --cohort " + conf.cohort()
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

    private Iterator<PictureCache.Named> pictures(Warehouse warehouse, Dataset<Row> labelled) {
        Dataset<Row> wanted =
                labelled.where(col("part").notEqual(Part.TEST.word())).select("image_id");
        Iterator<Row> rows = warehouse
                .read(PictureRow.TABLE, conf.cohort())
                .join(wanted, "image_id")
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

    private record Start(WeightSource weights, String name) {}

    private Start start(Grader grader) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        names.add("seed " + conf.recipe().seed());
        backbone("global_backbone", grader.global() != null, conf.weights().global(), tensors, names);
        backbone("patch_backbone", grader.patches() != null, conf.weights().patches(), tensors, names);
        WeightSource seeded = WeightSource.seeded(conf.recipe().seed());
        return new Start(
                tensors.isEmpty() ? seeded : WeightSource.over(seeded, tensors, "weights"), String.join(", ", names));
    }

    private static void backbone(
            String prefix, boolean present, @Nullable String file, Map<String, Tensor> tensors, List<String> names) {
        if (file == null) {
            return;
        }
        if (!present) {
            throw new InputException("weights", "the grader has no " + prefix, file, "write null");
        }
        Path path = Path.of(file);
        try {
            SafetensorsReader.read(path).forEach((name, tensor) -> tensors.put(prefix + "." + name, tensor));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
        names.add(prefix + " " + path.getFileName());
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<TrainingHistoryRow> history(String model, Trained trained, String runId) {
        List<TrainingHistoryRow> rows = new ArrayList<>();
        for (Epoch epoch : trained.history()) {
            Map<String, Double> validation = new LinkedHashMap<>();
            validation.put("qwk", epoch.raw().qwk());
            validation.put("accuracy", epoch.raw().accuracy());
            validation.put("mae", epoch.raw().meanAbsoluteError());
            validation.put("loss", epoch.raw().losses().total());
            validation.put("ema_qwk", epoch.average().qwk());
            validation.put("ema_accuracy", epoch.average().accuracy());
            validation.put("ema_loss", epoch.average().losses().total());
            Map<String, Double> train = new LinkedHashMap<>();
            train.put("loss", epoch.train().total());
            train.put("data_wait", epoch.dataWait());
            train.put("seconds", epoch.seconds());
            train.forEach((metric, value) ->
                    rows.add(new TrainingHistoryRow(model, epoch.epoch(), Part.TRAIN.word(), metric, value, runId)));
            validation.forEach((metric, value) -> rows.add(
                    new TrainingHistoryRow(model, epoch.epoch(), Part.VALIDATION.word(), metric, value, runId)));
        }
        return rows;
    }
}
