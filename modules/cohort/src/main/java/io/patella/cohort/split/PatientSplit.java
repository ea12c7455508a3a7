package io.patella.cohort.split;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits a cohort by patient into train, validation and test, stratified on the patient's highest grade (KL-FuseNet paper,
 * section 2.1).
 *
 * <ul>
 *   <li>Sizes: over all patients by largest remainder, exactly; in each stratum the quota rounded down or up.
 *   <li>Who: within a stratum, patients are ordered by SHA-256 of seed and id. The result depends on the set of patients
 *       and the seed, never on the order of rows, the number of partitions or the machine.
 *   <li>Patients who share an identical picture are linked and stay together. Where that makes the exact sizes unreachable,
 *       the nearest reachable ones are taken and {@link Parts#notes()} says by how much they differ.
 * </ul>
 *
 * Only patients can be placed: a split by image cannot be written with these types. Immutable and thread-safe.
 */
public final class PatientSplit {
    private final long seed;
    private final Ratios ratios;

    private PatientSplit(long seed, Ratios ratios) {
        this.seed = seed;
        this.ratios = ratios;
    }

    /** A split 70 / 15 / 15 with this seed. */
    public static PatientSplit seeded(long seed) {
        return new PatientSplit(seed, Ratios.PAPER);
    }

    /** The same with other ratios. */
    public PatientSplit ratios(Ratios other) {
        return new PatientSplit(seed, other);
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    /**
     * Places every patient.
     *
     * @param patients in any order, each once
     * @throws InputException when there is no patient or one is given twice
     */
    public Parts assign(List<Patient> patients) {
        if (patients.isEmpty()) {
            throw new InputException("split", "no patients", 0, "give at least one row");
        }
        Map<String, Long> keys = new HashMap<>();
        patients.forEach(each -> keys.put(each.patientId(), key(each.patientId())));
        List<Patient> drawn = new ArrayList<>(patients);
        drawn.sort(Comparator.<Patient>comparingLong(each -> keys.getOrDefault(each.patientId(), 0L))
                .thenComparing(Patient::patientId));

        int[] strata = new int[Grade.COUNT];
        drawn.forEach(each -> strata[each.stratum()]++);
        int[] totals = Quotas.largestRemainder(drawn.size(), ratios);
        int[][] wanted = Quotas.table(strata, totals, ratios);

        List<List<Patient>> groups = Linked.groups(drawn);
        List<List<Patient>> linked =
                groups.stream().filter(each -> each.size() > 1).toList();
        int[] placement = new LinkedPlacement(linked, wanted, totals, this::key).parts();
        int[][] placed = new int[Grade.COUNT][Quotas.PARTS];
        List<Assignment> assignments = new ArrayList<>(drawn.size());
        for (int g = 0; g < placement.length; g++) {
            for (Patient each : linked.get(g)) {
                placed[each.stratum()][placement[g]]++;
                assignments.add(assignment(each, placement[g]));
            }
        }
        List<String> notes = new ArrayList<>();
        int[][] cells = wanted;
        if (!covers(wanted, placed)) {
            int[] reached = LinkedPlacement.reachable(totals, placed);
            cells = Quotas.nearest(strata, reached, placed, ratios);
            notes.add(note(totals, reached));
        }
        int[][] left = new int[Grade.COUNT][Quotas.PARTS];
        for (int s = 0; s < Grade.COUNT; s++) {
            for (int p = 0; p < Quotas.PARTS; p++) {
                left[s][p] = cells[s][p] - placed[s][p];
            }
        }
        for (List<Patient> group : groups) {
            if (group.size() == 1) {
                int[] row = left[group.get(0).stratum()];
                int part = row[0] > 0 ? 0 : row[1] > 0 ? 1 : 2;
                row[part]--;
                assignments.add(assignment(group.get(0), part));
            }
        }
        return new Parts(assignments, linked.stream().mapToInt(List::size).sum(), linked.size(), notes);
    }

    private static Assignment assignment(Patient patient, int part) {
        return new Assignment(patient.patientId(), patient.stratum(), Quotas.ORDER.get(part));
    }

    private static boolean covers(int[][] wanted, int[][] placed) {
        for (int s = 0; s < wanted.length; s++) {
            for (int p = 0; p < Quotas.PARTS; p++) {
                if (placed[s][p] > wanted[s][p]) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String note(int[] totals, int[] reached) {
        if (Arrays.equals(totals, reached)) {
            return "linked patients stay together: the parts have their exact sizes, but not every stratum could be"
                    + " divided to its quota rounded down or up";
        }
        List<String> differences = new ArrayList<>();
        for (int p = 0; p < Quotas.PARTS; p++) {
            if (reached[p] == totals[p]) {
                continue;
            }
            differences.add(Quotas.ORDER.get(p).word() + " " + reached[p] + " instead of " + totals[p]);
        }
        return "linked patients stay together: nearest reachable sizes are " + String.join(", ", differences);
    }

    /** A number drawn for this id under this seed: the first eight bytes of SHA-256 over "seed:id" in UTF-8. */
    private long key(String id) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(sha256.digest((seed + ":" + id).getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
