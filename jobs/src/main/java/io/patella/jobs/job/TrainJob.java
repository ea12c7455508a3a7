package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.engine.Device;
import io.patella.engine.training.TrainingPlan;
import io.patella.imaging.Sha256;
import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.TrainConf;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.grader.Grader;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains a grader on a cohort's train part, chooses on its validation part, and writes a bundle. On the driver: Spark reads the tables
 * once into a memory-mapped cache. The test part is not read at all but for its patients' ids, which the bundle carries, and the hashes
 * of their pictures.
 */
public final class TrainJob {
    private final TrainConf conf;
    private final Path file;
    private final Path warehouseFolder;
    private final PrintWriter log;

    /**
     * @param file the conf's, against which the paths in it are read
     * @param warehouseFolder holds caches ({@code training/cache}), checkpoints ({@code training/NAME}) and bundles ({@code models/NAME})
     * @param log where progress goes
     */
    public TrainJob(TrainConf conf, Path file, Path warehouseFolder, PrintWriter log) {
        this.conf = conf;
        this.file = file;
        this.warehouseFolder = warehouseFolder;
        this.log = log;
    }

    /** Trains; goes on where an interrupted run of the same name stopped, and does nothing where one has ended. */
    public Training.Outcome run() {
        Grader grader = conf.grader().grader(conf.name());
        Start start = start(grader);
        return JobRun.of("train", conf.cohort(), conf, log).run(run -> train(run, grader, start));
    }

    private Training.Outcome train(JobRun run, Grader grader, Start start) {
        run.phase("reading labels and parts of " + conf.cohort() + ", split " + conf.split());
        LabelledCohort data = LabelledCohort.read(run.warehouse(), conf.cohort(), conf.split());
        Training training = new Training(
                run, conf.name(), data, data.set(conf.labels(), conf.recipe().seed()), warehouseFolder, log);
        TrainingPlan plan = new TrainingPlan(
                grader,
                start.weights(),
                start.name(),
                conf.losses(),
                conf.preparation().preparation(),
                conf.recipe(),
                Device.parse(conf.device(), "device"),
                conf.threads());
        return training.run(plan, null);
    }

    private record Start(WeightSource weights, String name) {}

    private Start start(Grader grader) {
        Start seeded = new Start(
                WeightSource.seeded(conf.recipe().seed()),
                "seed " + conf.recipe().seed());
        Start global = over(
                seeded,
                grader,
                "global_backbone",
                grader.global() != null,
                conf.weights().global());
        return over(
                global,
                grader,
                "patch_backbone",
                grader.patches() != null,
                conf.weights().patches());
    }

    private Start over(Start first, Grader grader, String prefix, boolean present, @Nullable String named) {
        if (named == null) {
            return first;
        }
        if (!present) {
            throw new InputException("weights", "the grader has no " + prefix, named, "write null");
        }
        Path path = Conf.beside(file, named);
        if (!Files.isRegularFile(path)) {
            throw new InputException(
                    "weights",
                    "no such file",
                    path,
                    "name a safetensors file; a relative path is from the conf's folder");
        }
        try {
            Map<String, Tensor> tensors = SafetensorsReader.read(path);
            // over nothing: what does not fit is found out here, before Spark starts, and nothing is drawn for it
            WeightSource.backbone(network -> {}, prefix, tensors, path.toString())
                    .fill(grader.program(Layers.plain()));
            return new Start(
                    WeightSource.backbone(first.weights(), prefix, tensors, path.toString()),
                    first.name() + ", " + prefix + " " + path.getFileName() + " sha256:"
                            + Sha256.hex(Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new InputException(
                    "weights", "not readable: " + e.getMessage(), path, "name a safetensors file with timm's names");
        }
    }
}
