package io.patella.jobs.job;

import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.TrainConf;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Trains graders of a few thousand weights in seconds, on pictures of 32 pixels. */
final class TinyTraining {
    /** The shipped confs. */
    static final Path CONF = Path.of("..", "conf");

    /** What makes any training short. */
    static final List<String> SHORT =
            List.of("threads=1", "recipe.epochs=1", "recipe.schedule.warm-up-epochs=0", "recipe.batch=8");

    /** A network of a few thousand weights on pictures of 32 pixels. */
    static final List<String> TINY = List.of(
            "preparation.size=32",
            "grader.global.config.channels=[4,4,8,8]",
            "grader.patches.config.channels=[4,4,8,8]");

    private TinyTraining() {}

    /**
     * Trains one epoch.
     *
     * @param warehouseFolder as of {@link TrainJob}
     * @param more keys of the conf, such as {@code cohort=c}
     */
    static Training.Outcome train(Path warehouseFolder, String... more) {
        List<String> overrides = new ArrayList<>(SHORT);
        overrides.addAll(TINY);
        overrides.addAll(List.of(more));
        Path file = CONF.resolve("train").resolve("phantom-small.yaml");
        return new TrainJob(
                        Conf.read(file, TrainConf.class, overrides),
                        file,
                        warehouseFolder,
                        new PrintWriter(new StringWriter()))
                .run();
    }
}
