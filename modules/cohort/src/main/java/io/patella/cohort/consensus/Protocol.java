package io.patella.cohort.consensus;

import io.patella.cohort.InputException;
import io.patella.cohort.Reading;
import io.patella.cohort.ReferenceGrade;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How readings become one reference grade. The order in which readings are given never matters. */
public enum Protocol {
    /** One reading is the grade; a radiograph with several has none. */
    SINGLE {
        @Override
        Consensus decideChecked(String imageId, List<Reading> readings) {
            return readings.size() == 1
                    ? kept(imageId, readings, Reason.SINGLE_READING)
                    : dropped(imageId, readings, Reason.SEVERAL_READINGS);
        }
    },
    /** All readings are equal, and at least two readers gave them: a reader who read twice is one reader. */
    UNANIMOUS {
        @Override
        Consensus decideChecked(String imageId, List<Reading> readings) {
            Consensus outcome = keptIfEqual(imageId, readings);
            return outcome instanceof Consensus.Kept && readers(readings).size() == 1
                    ? dropped(imageId, readings, Reason.SINGLE_READING)
                    : outcome;
        }
    },
    /**
     * Two stages: exactly one reading in each, by two different readers, and equal (KL-FuseNet paper, section 2.1). Of
     * several faults the first in this order is given: read twice in a stage, a stage missing, the same reader in both.
     */
    CROSSOVER {
        @Override
        Consensus decideChecked(String imageId, List<Reading> readings) {
            Map<String, List<Reading>> stages = stages(readings);
            if (stages.values().stream().anyMatch(each -> each.size() > 1)) {
                return dropped(imageId, readings, Reason.READ_TWICE_IN_A_STAGE);
            }
            if (stages.size() < 2) {
                return dropped(imageId, readings, Reason.STAGE_MISSING);
            }
            if (readings.get(0).reader().equals(readings.get(1).reader())) {
                return dropped(imageId, readings, Reason.SAME_READER_IN_BOTH_STAGES);
            }
            return keptIfEqual(imageId, readings);
        }
    };

    /** The word in tables, files and conf: single, unanimous, crossover. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads single, unanimous or crossover.
     *
     * @throws InputException for anything else
     */
    public static Protocol parse(String text, String where) {
        for (Protocol each : values()) {
            if (each.word().equals(text)) {
                return each;
            }
        }
        throw new InputException(
                where,
                "not a protocol",
                text,
                "use " + Arrays.stream(values()).map(Protocol::word).collect(Collectors.joining(", ")));
    }

    /**
     * Decides on one radiograph.
     *
     * @param readings all its readings, in any order, at least one
     * @throws InputException when a reading is of another radiograph, or the protocol is crossover and a reading has no
     *     stage or there are more than two stages
     */
    public Consensus decide(String imageId, List<Reading> readings) {
        if (readings.isEmpty()) {
            throw new InputException("image " + imageId, "no readings", 0, "leave the image out");
        }
        for (Reading each : readings) {
            if (!each.imageId().equals(imageId)) {
                throw new InputException(
                        "image " + imageId, "reading of another image", each.imageId(), "group readings by image");
            }
        }
        return decideChecked(imageId, readings);
    }

    abstract Consensus decideChecked(String imageId, List<Reading> readings);

    static SortedMap<String, List<Reading>> stages(List<Reading> readings) {
        SortedMap<String, List<Reading>> stages = new TreeMap<>();
        for (Reading each : readings) {
            String stage = each.stage();
            if (stage == null || stage.isEmpty()) {
                throw new InputException(
                        "image " + each.imageId() + " read by " + each.reader(),
                        "reading without a stage",
                        "\"\"",
                        "the crossover protocol needs the column stage; use unanimous where there are none");
            }
            stages.computeIfAbsent(stage, none -> new ArrayList<>()).add(each);
        }
        if (stages.size() > 2) {
            throw new InputException(
                    "readings",
                    "more than two stages",
                    String.join(", ", stages.keySet()),
                    "the crossover protocol has two; mend the column stage");
        }
        return stages;
    }

    Consensus keptIfEqual(String imageId, List<Reading> readings) {
        boolean equal = readings.stream().mapToInt(Reading::grade).distinct().count() == 1;
        return equal ? kept(imageId, readings, Reason.AGREED) : dropped(imageId, readings, Reason.DISAGREED);
    }

    Consensus kept(String imageId, List<Reading> readings, Reason reason) {
        return new Consensus.Kept(
                new ReferenceGrade(imageId, readings.get(0).grade(), word(), readers(readings)), reason);
    }

    static Consensus dropped(String imageId, List<Reading> readings, Reason reason) {
        return new Consensus.Dropped(imageId, reason, readers(readings));
    }

    static List<String> readers(List<Reading> readings) {
        return readings.stream().map(Reading::reader).distinct().sorted().toList();
    }
}
