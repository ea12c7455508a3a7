package io.patella.jobs.job.report;

import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.PartRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was evaluated: a model with its preparation on a part of a split of a cohort, and the newest run's figures. */
record EvaluationGroup(Key key, String runId, List<EvaluationRow> rows) {
    /** Identifies a group; groups are shown in this order, test parts first. */
    record Key(String cohort, String split, String part, String model, String preparation) {
        private static final List<String> ORDER = List.of("test", EvaluationRow.ALL, "validation", "train");

        int partOrder() {
            int place = ORDER.indexOf(part);
            return place < 0 ? ORDER.size() : place;
        }
    }

    /** The newest evaluation of every group; later runs sort behind earlier ones. */
    static List<EvaluationGroup> newest(List<EvaluationRow> rows, List<String> cohorts) {
        Map<Key, Map<String, List<EvaluationRow>>> runs = new LinkedHashMap<>();
        for (EvaluationRow row : rows) {
            runs.computeIfAbsent(
                            new Key(row.cohort(), row.split(), row.part(), row.model(), row.preparation()),
                            key -> new LinkedHashMap<>())
                    .computeIfAbsent(row.runId(), run -> new ArrayList<>())
                    .add(row);
        }
        List<EvaluationGroup> groups = new ArrayList<>();
        runs.forEach((key, byRun) -> {
            String newest =
                    byRun.keySet().stream().max(Comparator.naturalOrder()).orElseThrow();
            groups.add(new EvaluationGroup(key, newest, byRun.getOrDefault(newest, List.of())));
        });
        groups.sort(Comparator.<EvaluationGroup>comparingInt(
                        group -> cohorts.indexOf(group.key().cohort()))
                .thenComparing(group -> group.key().split())
                .thenComparingInt(group -> group.key().partOrder())
                .thenComparing(group -> group.key().part())
                .thenComparing(group -> group.key().model())
                .thenComparing(group -> group.key().preparation()));
        return groups;
    }

    /** Split and part, as the page names them: the part alone for our own split. */
    String part() {
        return key.split().equals(PartRow.DEFAULT_SPLIT) || key.split().equals(EvaluationRow.ALL)
                ? key.part()
                : key.part() + " (" + key.split() + ")";
    }
}
