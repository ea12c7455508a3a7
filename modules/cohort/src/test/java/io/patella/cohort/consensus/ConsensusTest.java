package io.patella.cohort.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.cohort.Golden;
import io.patella.cohort.InputException;
import io.patella.cohort.Reading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ConsensusTest {
    @Test
    void crossoverKeepsAndDropsAsTheReferenceDoes() {
        JsonNode golden = Golden.json("agreement/consensus.json");
        ConsensusTable table = ConsensusTable.of(Protocol.CROSSOVER, goldenReadings());
        assertThat(table.outcomes()).hasSize(golden.get("images").asInt());
        Map<String, Integer> kept = new TreeMap<>();
        Map<String, Reason> dropped = new TreeMap<>();
        for (Consensus each : table.outcomes()) {
            each.fold(k -> kept.put(k.imageId(), k.reference().grade()), d -> {
                dropped.put(d.imageId(), d.reason());
                return 0;
            });
        }
        Map<String, Integer> expected = new TreeMap<>();
        golden.get("kept")
                .properties()
                .forEach(each -> expected.put(each.getKey(), each.getValue().asInt()));
        assertThat(kept).isEqualTo(expected);

        Map<String, Reason> reasons = new TreeMap<>(Map.of(
                "X0044", Reason.STAGE_MISSING,
                "X0049", Reason.STAGE_MISSING,
                "X0028", Reason.SAME_READER_IN_BOTH_STAGES,
                "X0058", Reason.READ_TWICE_IN_A_STAGE,
                "X0010", Reason.READ_TWICE_IN_A_STAGE));
        golden.get("dropped_for_disagreement").forEach(each -> reasons.put(each.asText(), Reason.DISAGREED));
        assertThat(dropped).isEqualTo(reasons);
        assertThat(table.keptPerGrade()).containsExactly(9, 8, 6, 6, 7);
        assertThat(table.reasons()).containsEntry(Reason.AGREED, 36).containsEntry(Reason.SEVERAL_READINGS, 0);
    }

    @Property(tries = 50)
    void theOrderOfReadingsDoesNotMatter(@ForAll Random random) {
        List<Reading> shuffled = new ArrayList<>(goldenReadings());
        Collections.shuffle(shuffled, random);
        for (Protocol protocol : Protocol.values()) {
            assertThat(ConsensusTable.of(protocol, shuffled)).isEqualTo(ConsensusTable.of(protocol, goldenReadings()));
        }
    }

    @Property
    void unanimousKeepsExactlyWhatEverybodyGradesAlike(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(max = 4) Integer> grades) {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < grades.size(); i++) {
            readings.add(new Reading("A", "r" + i, null, 1, grades.get(i)));
        }
        Consensus outcome = Protocol.UNANIMOUS.decide("A", readings);
        boolean alike = grades.size() > 1 && grades.stream().distinct().count() == 1;
        assertThat(outcome instanceof Consensus.Kept).isEqualTo(alike);
        assertThat(outcome.reason())
                .isEqualTo(alike ? Reason.AGREED : grades.size() == 1 ? Reason.SINGLE_READING : Reason.DISAGREED);
    }

    @Test
    void aReaderWhoReadTwiceIsNoSecondReader() {
        List<Reading> twice = List.of(new Reading("A", "r1", null, 1, 3), new Reading("A", "r1", null, 2, 3));
        assertThat(Protocol.UNANIMOUS.decide("A", twice))
                .isEqualTo(new Consensus.Dropped("A", Reason.SINGLE_READING, List.of("r1")));
        List<Reading> confirmed = new ArrayList<>(twice);
        confirmed.add(new Reading("A", "r2", null, 1, 3));
        Consensus kept = Protocol.UNANIMOUS.decide("A", confirmed);
        assertThat(kept.reason()).isEqualTo(Reason.AGREED);
        assertThat(((Consensus.Kept) kept).reference().readers()).containsExactly("r1", "r2");
    }

    @Test
    void aReaderWhoContradictsHimselfAgreesWithNobody() {
        List<Reading> readings =
                new ArrayList<>(List.of(new Reading("A", "r1", null, 1, 3), new Reading("A", "r1", null, 2, 2)));
        assertThat(Protocol.UNANIMOUS.decide("A", readings))
                .isEqualTo(new Consensus.Dropped("A", Reason.DISAGREED, List.of("r1")));
        readings.add(new Reading("A", "r2", null, 1, 3));
        assertThat(Protocol.UNANIMOUS.decide("A", readings))
                .isEqualTo(new Consensus.Dropped("A", Reason.DISAGREED, List.of("r1", "r2")));
    }

    @Test
    void singleWantsOneReading() {
        Reading one = new Reading("A", "r1", null, 1, 3);
        Consensus kept = Protocol.SINGLE.decide("A", List.of(one));
        assertThat(kept.reason()).isEqualTo(Reason.SINGLE_READING);
        assertThat(((Consensus.Kept) kept).reference().readers()).containsExactly("r1");
        assertThat(((Consensus.Kept) kept).reference().protocol()).isEqualTo("single");
        Consensus several = Protocol.SINGLE.decide("A", List.of(one, new Reading("A", "r2", null, 1, 3)));
        assertThat(several).isEqualTo(new Consensus.Dropped("A", Reason.SEVERAL_READINGS, List.of("r1", "r2")));
    }

    @Test
    void crossoverNeedsTwoStages() {
        assertThatThrownBy(() -> Protocol.CROSSOVER.decide("A", List.of(new Reading("A", "r1", null, 1, 3))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("image A read by r1: reading without a stage");
        List<Reading> three = List.of(
                new Reading("A", "r1", "1", 1, 3),
                new Reading("A", "r2", "2", 1, 3),
                new Reading("B", "r2", "3", 1, 3));
        assertThatThrownBy(() -> ConsensusTable.of(Protocol.CROSSOVER, three))
                .hasMessageContaining("more than two stages: 1, 2, 3");
    }

    @Test
    void reasonsAndProtocolsHaveTheWordsOfTheContract() {
        assertThat(java.util.Arrays.stream(Reason.values()).map(Reason::word))
                .containsExactly(
                        "agreed",
                        "disagreed",
                        "single_reading",
                        "several_readings",
                        "stage_missing",
                        "same_reader_in_both_stages",
                        "read_twice_in_a_stage");
        assertThat(Protocol.parse("crossover", "--protocol")).isEqualTo(Protocol.CROSSOVER);
        assertThatThrownBy(() -> Protocol.parse("majority", "--protocol"))
                .hasMessageContaining("--protocol: not a protocol: majority (use single, unanimous, crossover)");
    }

    private static List<Reading> goldenReadings() {
        Map<List<String>, Integer> repeats = new HashMap<>();
        return Golden.csv("agreement/consensus_readings.csv").stream()
                .map(row -> {
                    List<String> key = List.of(row.get(0), row.get(1), row.get(2));
                    int repeat = repeats.merge(key, 1, Integer::sum);
                    return new Reading(row.get(0), row.get(1), row.get(2), repeat, Integer.parseInt(row.get(3)));
                })
                .toList();
    }
}
