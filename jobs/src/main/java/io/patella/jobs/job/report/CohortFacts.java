package io.patella.jobs.job.report;

import io.patella.cohort.Grade;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.report.facts.Characteristics;
import io.patella.report.facts.ConsensusFacts;
import io.patella.report.facts.PatientFlow;
import io.patella.report.facts.SplitFacts;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.QuarantineRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import io.patella.tables.row.RunRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who came in, who has a reference grade, and how the patients were divided. */
final class CohortFacts {
    /** The protocols' outcomes as the consensus job counts them, kept ones first. */
    private static final List<String> REASONS = List.of(
            "agreed",
            "single_reading",
            "disagreed",
            "several_readings",
            "stage_missing",
            "same_reader_in_both_stages",
            "read_twice_in_a_stage");

    /** More values than this make no table but a list. */
    private static final int MOST_VALUES = 12;

    private final CohortRows rows;
    private final @Nullable RunRow consensusRun;

    /**
     * @param rows the cohort
     * @param consensusRun the newest run of the consensus job on it, whose counts name the reasons; null when there is none
     */
    CohortFacts(CohortRows rows, @Nullable RunRow consensusRun) {
        this.rows = rows;
        this.consensusRun = consensusRun;
    }

    PatientFlow flow() {
        List<RadiographRow> all = rows.radiographs();
        List<RadiographRow> referenced = all.stream()
                .filter(row -> rows.references().containsKey(row.imageId()))
                .toList();
        List<RadiographRow> graded = referenced.stream()
                .filter(row -> rows.graded().contains(row.imageId()))
                .toList();
        List<PatientFlow.Reason> quarantined = quarantined();
        long read = all.size()
                + quarantined.stream().mapToLong(PatientFlow.Reason::images).sum();
        List<PatientFlow.Step> steps = new ArrayList<>();
        steps.add(new PatientFlow.Step("Files read", read, null, quarantined));
        steps.add(new PatientFlow.Step(
                "Radiographs", all.size(), patients(all), withoutReference(all.size() - referenced.size())));
        steps.add(new PatientFlow.Step(
                "With a reference grade",
                referenced.size(),
                patients(referenced),
                reasons("no grade by a model yet", referenced.size() - graded.size())));
        String split = rows.split();
        List<RadiographRow> divided = graded.stream()
                .filter(row -> rows.part(split, row.patientId()) != null)
                .toList();
        steps.add(new PatientFlow.Step(
                "Graded by a model",
                graded.size(),
                patients(graded),
                split == null ? List.of() : reasons("in no part", graded.size() - divided.size())));
        List<PatientFlow.Step> parts = new ArrayList<>();
        for (Part part : Part.values()) {
            List<RadiographRow> inside = divided.stream()
                    .filter(row -> part.word().equals(rows.part(split, row.patientId())))
                    .toList();
            if (!inside.isEmpty()) {
                parts.add(PatientFlow.Step.of(part.word(), inside.size(), patients(inside)));
            }
        }
        return new PatientFlow(rows.cohort(), steps, parts);
    }

    /** Files that are still no radiographs, each counted once under its newest reason. */
    private List<PatientFlow.Reason> quarantined() {
        Set<String> became = rows.radiographs().stream()
                .map(RadiographRow::sourceUri)
                .collect(Collectors.toCollection(HashSet::new));
        Map<String, QuarantineRow> newest = new HashMap<>();
        for (QuarantineRow row : rows.quarantine()) {
            if (!became.contains(row.sourceUri())) {
                newest.merge(row.sourceUri(), row, (a, b) -> a.runId().compareTo(b.runId()) > 0 ? a : b);
            }
        }
        Map<String, Long> byReason = newest.values().stream()
                .collect(Collectors.groupingBy(QuarantineRow::reason, TreeMap::new, Collectors.counting()));
        return byReason.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(each -> new PatientFlow.Reason(words(each.getKey()), each.getValue()))
                .toList();
    }

    private List<PatientFlow.Reason> withoutReference(long images) {
        List<PatientFlow.Reason> known = outcomes().stream()
                .filter(outcome -> !outcome.kept())
                .map(outcome -> new PatientFlow.Reason("readings " + words(outcome.reason()), outcome.images()))
                .toList();
        long explained = known.stream().mapToLong(PatientFlow.Reason::images).sum();
        if (explained > images) {
            return reasons("no reference grade", images); // the run's counts are of another day's readings
        }
        List<PatientFlow.Reason> all = new ArrayList<>(known);
        all.addAll(reasons("not read, or not decided", images - explained));
        return all;
    }

    private static List<PatientFlow.Reason> reasons(String reason, long images) {
        return images == 0 ? List.of() : List.of(new PatientFlow.Reason(reason, images));
    }

    Optional<ConsensusFacts> consensus() {
        if (rows.references().isEmpty()) {
            return Optional.empty();
        }
        Long[] kept = new Long[Grade.COUNT];
        Arrays.fill(kept, 0L);
        rows.references().values().forEach(row -> kept[row.grade()]++);
        Set<String> protocols = rows.references().values().stream()
                .map(ReferenceGradeRow::protocol)
                .collect(Collectors.toCollection(TreeSet::new));
        List<ConsensusFacts.Outcome> outcomes = outcomes();
        if (outcomes.isEmpty()) {
            outcomes = List.of(
                    new ConsensusFacts.Outcome("agreed", rows.references().size(), true));
        }
        return Optional.of(
                new ConsensusFacts(rows.cohort(), String.join(", ", protocols), outcomes, Arrays.asList(kept)));
    }

    /** As the newest consensus run counted them; empty when it left no such counts. */
    private List<ConsensusFacts.Outcome> outcomes() {
        if (consensusRun == null) {
            return List.of();
        }
        boolean single = rows.references().values().stream()
                .anyMatch(row -> row.protocol().equals("single"));
        List<ConsensusFacts.Outcome> outcomes = new ArrayList<>();
        for (String reason : REASONS) {
            long images = consensusRun.counts().getOrDefault(reason, 0L);
            if (images > 0) {
                boolean kept = reason.equals("agreed") || (single && reason.equals("single_reading"));
                outcomes.add(new ConsensusFacts.Outcome(reason, images, kept));
            }
        }
        return outcomes;
    }

    Characteristics characteristics() {
        String split = rows.split();
        List<String> columns = new ArrayList<>();
        if (split != null) {
            Arrays.stream(Part.values()).map(Part::word).forEach(columns::add);
        }
        columns.add("all");
        List<Characteristics.Block> blocks = new ArrayList<>();
        blocks.add(new Characteristics.Block(
                "Counted",
                Characteristics.Shares.NONE,
                List.of(
                        new Characteristics.Row("Patients", counts(columns, CohortFacts::patients)),
                        new Characteristics.Row("Radiographs", counts(columns, inside -> (long) inside.size())))));
        block("KL grade", columns, row -> {
                    ReferenceGradeRow reference = rows.references().get(row.imageId());
                    return reference == null ? "no reference grade" : "KL " + reference.grade();
                })
                .ifPresent(blocks::add);
        block("Laterality", columns, row -> laterality(row.laterality())).ifPresent(blocks::add);
        block("Visit", columns, row -> orMissing(row.visit())).ifPresent(blocks::add);
        block("Hospital", columns, row -> orMissing(row.hospital())).ifPresent(blocks::add);
        block("Device", columns, row -> orMissing(row.device())).ifPresent(blocks::add);
        block("Quality flags", columns, CohortFacts::flags).ifPresent(blocks::add);
        return new Characteristics(rows.cohort(), columns, blocks);
    }

    private static String laterality(Laterality laterality) {
        return laterality.name().toLowerCase(Locale.ROOT);
    }

    private static String orMissing(@Nullable String value) {
        return value == null ? "missing" : value;
    }

    private static String flags(RadiographRow row) {
        List<String> flags = new ArrayList<>();
        if (row.inverted()) {
            flags.add("inverted");
        }
        if (row.overExposed()) {
            flags.add("over-exposed");
        }
        if (row.bars()) {
            flags.add("bars");
        }
        return flags.isEmpty() ? "none" : String.join(", ", flags);
    }

    /** Nothing when the characteristic says nothing (one value, missing) or too much (too many values). */
    private Optional<Characteristics.Block> block(
            String name, List<String> columns, Function<RadiographRow, String> value) {
        Set<String> values = rows.radiographs().stream().map(value).collect(Collectors.toCollection(TreeSet::new));
        if (values.size() > MOST_VALUES || values.equals(Set.of("missing")) || values.isEmpty()) {
            return Optional.empty();
        }
        List<Characteristics.Row> lines = values.stream()
                .map(each -> new Characteristics.Row(
                        each,
                        counts(
                                columns,
                                inside -> inside.stream()
                                        .filter(row -> value.apply(row).equals(each))
                                        .count())))
                .toList();
        return Optional.of(new Characteristics.Block(name, Characteristics.Shares.SHOWN, lines));
    }

    private List<Long> counts(List<String> columns, Function<List<RadiographRow>, Long> count) {
        return columns.stream()
                .map(column -> count.apply(rows.radiographs().stream()
                        .filter(row -> column.equals("all") || column.equals(rows.part(rows.split(), row.patientId())))
                        .toList()))
                .toList();
    }

    List<SplitFacts> splits() {
        return rows.parts().entrySet().stream()
                .map(each -> split(each.getKey(), each.getValue()))
                .toList();
    }

    private SplitFacts split(String name, Map<String, PartRow> parts) {
        List<String> words = Arrays.stream(Part.values()).map(Part::word).toList();
        List<Long> patients = words.stream()
                .map(word -> parts.values().stream()
                        .filter(row -> row.part().word().equals(word))
                        .count())
                .toList();
        List<Long> images = words.stream()
                .map(word -> rows.radiographs().stream()
                        .filter(row -> word.equals(rows.part(name, row.patientId())))
                        .count())
                .toList();
        Map<Integer, Map<Part, Long>> strata = new TreeMap<>();
        parts.values().forEach(row -> {
            if (row.stratum() != null) {
                strata.computeIfAbsent(row.stratum(), stratum -> new EnumMap<>(Part.class))
                        .merge(row.part(), 1L, Long::sum);
            }
        });
        boolean ours = name.equals(PartRow.DEFAULT_SPLIT);
        return new SplitFacts(
                rows.cohort(),
                name,
                ours
                        ? "By patient, stratified on the patient’s highest reference grade; ratios and seed stand in the"
                                + " configuration of the run"
                        : "A named split that came with the cohort, checked like any other",
                words,
                patients,
                images,
                strata.entrySet().stream()
                        .map(each -> new SplitFacts.Stratum(
                                "highest grade KL " + each.getKey(),
                                Arrays.stream(Part.values())
                                        .map(part -> each.getValue().getOrDefault(part, 0L))
                                        .toList()))
                        .toList(),
                checks(name),
                List.of());
    }

    private List<SplitFacts.Check> checks(String split) {
        Map<String, Set<String>> partsOfPicture = new LinkedHashMap<>();
        long without = 0;
        for (RadiographRow row : rows.radiographs()) {
            String part = rows.part(split, row.patientId());
            if (part == null) {
                without += rows.references().containsKey(row.imageId()) ? 1 : 0;
            } else {
                partsOfPicture
                        .computeIfAbsent(row.pixelSha256(), hash -> new TreeSet<>())
                        .add(part);
            }
        }
        long straddling = partsOfPicture.values().stream()
                .filter(inside -> inside.size() > 1)
                .count();
        Map<String, Set<Part>> partsOfPatient = new TreeMap<>();
        rows.partRows().stream()
                .filter(row -> row.split().equals(split))
                .forEach(row -> partsOfPatient
                        .computeIfAbsent(row.patientId(), patient -> new TreeSet<>())
                        .add(row.part()));
        long torn = partsOfPatient.values().stream()
                .filter(inside -> inside.size() > 1)
                .count();
        return List.of(
                new SplitFacts.Check("no patient in two parts", torn),
                new SplitFacts.Check("no identical picture in two parts", straddling),
                new SplitFacts.Check("every radiograph with a reference grade in a part", without));
    }

    private static long patients(List<RadiographRow> rows) {
        return rows.stream().map(RadiographRow::patientId).distinct().count();
    }

    private static String words(String reason) {
        return reason.replace('_', ' ');
    }

    /** Cohort runs, newest first. */
    static @Nullable RunRow newest(List<RunRow> runs, String job, String cohort) {
        return runs.stream()
                .filter(run -> run.job().equals(job) && cohort.equals(run.cohort()))
                .max(Comparator.comparing(RunRow::endedAt).thenComparing(RunRow::runId))
                .orElse(null);
    }
}
