package io.patella.cohort.consensus;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.cohort.Reading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The consensus on every radiograph of a table of readings, with counts.
 *
 * @param protocol by which
 * @param outcomes one for each radiograph, in the order of their ids
 * @param reasons radiographs for each reason; all reasons are there, those without any with 0
 * @param keptPerGrade kept radiographs by grade, [5]
 */
public record ConsensusTable(
        Protocol protocol, List<Consensus> outcomes, Map<Reason, Integer> reasons, List<Integer> keptPerGrade) {
    /**
     * Decides on every radiograph.
     *
     * @param readings all readings, in any order
     * @throws InputException when there is none, or the protocol is crossover and stages are missing or more than two
     */
    public static ConsensusTable of(Protocol protocol, Collection<Reading> readings) {
        if (readings.isEmpty()) {
            throw new InputException("readings", "no readings", 0, "give at least one");
        }
        if (protocol == Protocol.CROSSOVER) {
            Protocol.stages(List.copyOf(readings)); // two in the whole table, not only in each image
        }
        Map<String, List<Reading>> byImage = new TreeMap<>();
        for (Reading each : readings) {
            byImage.computeIfAbsent(each.imageId(), none -> new ArrayList<>()).add(each);
        }
        List<Consensus> outcomes = new ArrayList<>();
        byImage.forEach((image, own) -> outcomes.add(protocol.decide(image, own)));
        return of(protocol, outcomes);
    }

    /** Counts outcomes that were decided one by one, as a job over partitions does. */
    public static ConsensusTable of(Protocol protocol, List<Consensus> outcomes) {
        Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
        for (Reason each : Reason.values()) {
            reasons.put(each, 0);
        }
        int[] perGrade = new int[Grade.COUNT];
        for (Consensus each : outcomes) {
            reasons.merge(each.reason(), 1, Integer::sum);
            if (each instanceof Consensus.Kept kept) {
                perGrade[kept.reference().grade()]++;
            }
        }
        List<Integer> keptPerGrade = new ArrayList<>();
        for (int count : perGrade) {
            keptPerGrade.add(count);
        }
        return new ConsensusTable(protocol, List.copyOf(outcomes), Map.copyOf(reasons), List.copyOf(keptPerGrade));
    }

    /** How many radiographs have a reference grade. */
    public int kept() {
        return keptPerGrade.stream().mapToInt(Integer::intValue).sum();
    }
}
