package io.patella.jobs.job;

import io.patella.engine.Device;
import io.patella.network.bundle.Bundle;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * Teaches a bundle that was written without it which pictures are typical, from the train and validation parts it was trained on, so
 * that it flags others. {@code train} and {@code finetune} end with the same step.
 */
public final class TypicalJob {
    private final Path bundle;
    private final String cohort;
    private final String split;
    private final int threads;
    private final PrintWriter log;

    /**
     * @param bundle folder or zip; written again in its place
     * @param cohort that it was trained on
     * @param split of that cohort
     * @param threads of the processor
     */
    public TypicalJob(Path bundle, String cohort, String split, int threads, PrintWriter log) {
        this.bundle = bundle;
        this.cohort = cohort;
        this.split = split;
        this.threads = threads;
        this.log = log;
    }

    /** Measures and writes; gives the bundle's new hash. */
    public String run() {
        return JobRun.of("typical", cohort, Map.of("bundle", bundle.toString(), "split", split), log)
                .run(run -> {
                    String before;
                    try (Bundle files = Bundle.open(bundle)) {
                        before = files.hash();
                    }
                    LabelledCohort data = LabelledCohort.read(run.warehouse(), cohort, split);
                    String model = data.teachTypical(bundle, data.set(), Device.CPU, threads);
                    run.phase("bundle " + bundle + " was " + before + ", is " + model);
                    return model;
                });
    }
}
