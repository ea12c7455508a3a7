package io.patella.jobs.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.engine.Device;
import io.patella.engine.training.TrainingPlan;
import io.patella.engine.training.TrainingSet;
import io.patella.jobs.conf.FinetuneConf;
import io.patella.network.bundle.Bundle;
import io.patella.network.grader.Grader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * Trains on from a bundle (paper, section 2.5): all its weights, everything unfrozen, low rates, on another cohort or on larger
 * pictures; chooses the epoch and tunes the cutpoints anew on that cohort's validation part; writes a bundle that names its parent.
 */
public final class FinetuneJob {
    private final Path bundle;
    private final FinetuneConf conf;
    private final Path warehouseFolder;
    private final PrintWriter log;

    /**
     * @param bundle to start from, folder or zip
     * @param warehouseFolder holds caches ({@code training/cache}), checkpoints ({@code training/NAME}) and bundles ({@code models/NAME})
     * @param log where progress goes
     */
    public FinetuneJob(Path bundle, FinetuneConf conf, Path warehouseFolder, PrintWriter log) {
        this.bundle = bundle;
        this.conf = conf;
        this.warehouseFolder = warehouseFolder;
        this.log = log;
    }

    /** Trains; goes on where an interrupted run of the same name stopped, and does nothing where one has ended. */
    public Training.Outcome run() {
        return JobRun.of("finetune", conf.cohort(), Map.of("bundle", bundle.toString(), "conf", conf), log)
                .run(this::finetune);
    }

    private Training.Outcome finetune(JobRun run) {
        ObjectNode parent;
        try (Bundle files = Bundle.open(bundle)) {
            demandArchitecture(Grader.parse(files.description().grader(), bundle.toString()));
            parent = Ancestor.parent(files);
        }
        Ancestor.demandOther(bundle, warehouseFolder, conf.name());
        run.phase("reading labels and parts of " + conf.cohort() + ", split " + conf.split());
        LabelledCohort data = LabelledCohort.read(run.warehouse(), conf.cohort(), conf.split());
        TrainingSet set = data.set(conf.labels(), conf.recipe().seed());
        for (Ancestor each : Ancestor.line(parent)) {
            each.check(run.warehouse(), data, set);
        }
        Training training = new Training(run, conf.name(), data, set, warehouseFolder, log);
        TrainingPlan plan = TrainingPlan.fineTuning(
                        bundle, conf.losses(), conf.recipe(), Device.parse(conf.device(), "device"), conf.threads())
                .named(conf.name());
        if (conf.grader() != null) {
            plan = plan.withDropout(conf.grader().dropout());
        }
        run.phase("going on from " + parent.path("name").asText() + " " + plan.startName());
        return training.run(
                conf.preparation() == null ? plan : plan.with(conf.preparation().preparation()), parent);
    }

    private void demandArchitecture(Grader held) {
        if (conf.grader() == null) {
            return;
        }
        Grader wanted = conf.grader().grader(held.name()).withDropout(held.dropout()); // which has no weights
        if (!wanted.json().equals(held.json())) {
            throw new InputException(
                    bundle.toString(),
                    "holds another architecture than the conf's grader " + wanted.json(),
                    held.json(),
                    "give a bundle of this architecture, or write grader: null to train on whatever the bundle holds");
        }
    }
}
