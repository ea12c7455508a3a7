package io.patella.jobs.files;

import io.patella.cohort.Reading;
import io.patella.cohort.consensus.Consensus;
import io.patella.cohort.consensus.ConsensusTable;
import io.patella.cohort.consensus.Protocol;
import io.patella.cohort.consensus.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code patella consensus --readings}: the consensus for anybody's readings. Columns image_id, reader, grade, for crossover stage. */
public final class ConsensusFile {
    private ConsensusFile() {}

    /**
     * What the command answers with {@code --json}.
     *
     * @param protocol the protocol's word
     * @param images how many were read
     * @param kept how many have a reference grade
     * @param reasons images for each reason; all reasons are there
     * @param keptPerGrade kept images by grade, [5]
     * @param notes remarks
     */
    public record Answer(
            String protocol,
            int images,
            int kept,
            Map<String, Integer> reasons,
            List<Integer> keptPerGrade,
            List<String> notes) {
        /** Counts a table of outcomes. */
        public static Answer of(ConsensusTable table) {
            Map<String, Integer> reasons = new LinkedHashMap<>();
            for (Reason reason : Reason.values()) {
                reasons.put(reason.word(), table.reasons().getOrDefault(reason, 0));
            }
            return new Answer(
                    table.protocol().word(),
                    table.outcomes().size(),
                    table.kept(),
                    reasons,
                    table.keptPerGrade(),
                    List.of());
        }

        /** For a terminal. */
        public String text() {
            TextTable why = new TextTable("reason", "images");
            reasons.forEach((reason, count) -> {
                if (count > 0) {
                    why.row(reason, count);
                }
            });
            TextTable grades = new TextTable("grade", "kept");
            for (int grade = 0; grade < keptPerGrade.size(); grade++) {
                grades.row(grade, keptPerGrade.get(grade));
            }
            return kept + " of " + images + " images have a reference grade (" + protocol + ")\n\n" + why.text() + "\n"
                    + grades.text();
        }
    }

    /** Reads {@code readings}, decides, writes {@code image_id, grade, kept, reason} to {@code out}, and counts. */
    public static Answer run(Path readings, Path out, Protocol protocol) {
        ConsensusTable table = ConsensusTable.of(protocol, read(readings, protocol));
        CsvOut.write(
                out,
                List.of("image_id", "grade", "kept", "reason"),
                table.outcomes().stream().map(ConsensusFile::row).toList());
        return Answer.of(table);
    }

    private static List<?> row(Consensus outcome) {
        return outcome.fold(
                kept -> List.of(
                        kept.imageId(),
                        kept.reference().grade(),
                        true,
                        kept.reason().word()),
                dropped ->
                        List.of(dropped.imageId(), "", false, dropped.reason().word()));
    }

    private static List<Reading> read(Path readings, Protocol protocol) {
        FileTable table = FileTable.read(readings).require("image_id", "reader", "grade");
        String[] image = table.text("image_id");
        String[] reader = table.text("reader");
        int[] grade = table.grade("grade");
        String @Nullable [] stage = protocol == Protocol.CROSSOVER ? table.text("stage") : null;
        Map<List<String>, Integer> repeats = new HashMap<>();
        List<Reading> rows = new ArrayList<>(table.rows());
        for (int row = 0; row < table.rows(); row++) {
            String at = stage == null ? null : stage[row];
            int repeat = repeats.merge(List.of(image[row], reader[row], at == null ? "" : at), 1, Integer::sum);
            rows.add(new Reading(image[row], reader[row], at, repeat, grade[row]));
        }
        return rows;
    }
}
