package io.patella.jobs.cli;

import io.patella.cohort.InputException;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.bootstrap.IntervalMethod;
import io.patella.statistics.bootstrap.Strata;
import picocli.CommandLine.Option;

/** The options of every command that resamples patients. */
final class BootstrapOptions {
    @Option(names = "--resamples", defaultValue = "2000", description = "Resamples B (default: ${DEFAULT-VALUE}).")
    private int resamples;

    @Option(names = "--seed", defaultValue = "42", description = "Seed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--method",
            defaultValue = "percentile",
            description = "Interval: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli injects
    private IntervalMethod method;

    @Option(
            names = "--stratified",
            description =
                    "Draw patients within each highest reference grade, so that every resample has the table's mix.")
    private boolean stratified;

    @Option(
            names = "--threads",
            defaultValue = "0",
            description = "How many threads resample; the answer is the same for any number (default: every core).")
    private int threads;

    /** The bootstrap that these options ask for. */
    Bootstrap bootstrap() {
        if (threads < 0) {
            throw new InputException("--threads", "less than one", threads, "leave it out to use every core");
        }
        int cores = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        return new Bootstrap(resamples, seed, method, cores, stratified ? Strata.HIGHEST_GRADE : Strata.NONE);
    }
}
