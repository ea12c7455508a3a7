package io.patella.report.facts;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where every figure of the page comes from.
 *
 * @param runs the runs whose rows were read, in order
 * @param models the models' identity
 * @param snapshots table and snapshot that the page itself was read from
 * @param software versions by name
 * @param commit the source's commit, or "unknown"
 */
public record Provenance(
        List<Run> runs,
        List<ModelIdentity> models,
        Map<String, String> snapshots,
        Map<String, String> software,
        String commit) {
    public Provenance {
        runs = List.copyOf(runs);
        models = List.copyOf(models);
        snapshots = new TreeMap<>(snapshots);
        software = new TreeMap<>(software);
    }

    /**
     * A run.
     *
     * @param id run_id
     * @param job the job's word
     * @param started when it started
     * @param outcome how it ended
     * @param snapshotsRead table and snapshot
     * @param snapshotsWritten table and snapshot
     * @param conf its configuration as text
     */
    public record Run(
            String id,
            String job,
            String started,
            String outcome,
            Map<String, String> snapshotsRead,
            Map<String, String> snapshotsWritten,
            String conf) {
        public Run {
            snapshotsRead = new TreeMap<>(snapshotsRead);
            snapshotsWritten = new TreeMap<>(snapshotsWritten);
        }
    }

    /**
     * A model.
     *
     * @param name its name
     * @param hash the bundle's hash
     * @param architecture what network it is
     * @param preparation hash of the preparation
     * @param mode execution modes of its grades
     */
    public record ModelIdentity(String name, String hash, String architecture, String preparation, String mode) {}
}
