package io.patella.jobs.job.report;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.InputException;
import io.patella.jobs.conf.Conf;
import io.patella.report.facts.Heading;
import io.patella.report.facts.Performance;
import io.patella.report.facts.Report;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.Warehouse;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.RunRow;
import io.patella.tables.row.TrainingHistoryRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All facts of a report, read from one warehouse. The same tables give the same report. */
public final class ReportTables {
    /**
     * What to report on.
     *
     * @param cohorts names of cohorts, in the order of the page; empty for all
     * @param pictures whether radiographs may stand in the page
     * @param heatmaps folder of Grad-CAM overlays named after the images; null for none
     * @param studies CSV files of studies to put in
     */
    public record Wanted(
            List<String> cohorts,
            Radiographs pictures,
            @Nullable Path heatmaps,
            List<Path> studies) {
        public Wanted {
            cohorts = List.copyOf(cohorts);
            studies = List.copyOf(studies);
        }
    }

    /** Whether radiographs may stand in the page. */
    public enum Radiographs {
        SHOWN,
        /** For pages that go where the pictures may not. */
        LEFT_OUT
    }

    private final Warehouse warehouse;
    private final Wanted wanted;
    private final Set<String> runIds = new LinkedHashSet<>();
    private final Map<String, TreeSet<String>> modes = new TreeMap<>();
    private Map<String, ModelRow> models = Map.of();

    private ReportTables(Warehouse warehouse, Wanted wanted) {
        this.warehouse = warehouse;
        this.wanted = wanted;
    }

    /**
     * Reads the report.
     *
     * @throws InputException when a cohort is not in the tables, or there is none
     */
    public static Report read(Warehouse warehouse, Wanted wanted) {
        return new ReportTables(warehouse, wanted).report();
    }

    private Report report() {
        List<String> cohorts = cohorts();
        List<RunRow> runs = warehouse.collect(RunRow.TABLE, warehouse.read(RunRow.TABLE));
        models = new TreeMap<>();
        warehouse.collect(ModelRow.TABLE, warehouse.read(ModelRow.TABLE)).forEach(row -> models.put(row.model(), row));
        List<EvaluationGroup> groups = EvaluationGroup.newest(
                warehouse.collect(
                        EvaluationRow.TABLE,
                        warehouse.read(EvaluationRow.TABLE).where(col("cohort").isin(cohorts.toArray()))),
                cohorts);
        Map<String, String> names = names(groups);

        List<CohortRows> rows = cohorts.stream()
                .map(cohort -> CohortRows.read(warehouse, cohort))
                .toList();
        long phantoms = rows.stream().filter(CohortRows::isPhantom).count();
        Heading.Origin origin = phantoms == 0
                ? Heading.Origin.PATIENTS
                : phantoms == rows.size() ? Heading.Origin.PHANTOMS : Heading.Origin.BOTH;
        List<String> printed = groups.stream()
                .map(group -> name(names, group.key()))
                .distinct()
                .toList();

        // The heading needs the date of runs that are only known once everything is read: sections first.
        List<UnaryOperator<Report.Draft>> sections = new ArrayList<>();
        for (CohortRows cohort : rows) {
            cohort(cohort, runs, sections);
        }
        for (CohortRows cohort : rows) {
            evaluations(
                    cohort,
                    groups.stream()
                            .filter(group -> group.key().cohort().equals(cohort.cohort()))
                            .toList(),
                    names,
                    sections);
        }
        Set<String> used = new LinkedHashSet<>();
        groups.forEach(group -> used.add(group.key().model()));
        histories(used, names, runs, sections);
        wanted.studies().forEach(file -> {
            var study = StudyTable.read(file);
            sections.add(draft -> draft.tabulation(study));
        });

        List<RunRow> mine = runs.stream()
                .filter(run -> runIds.contains(run.runId()))
                .sorted(Comparator.comparing(RunRow::startedAt).thenComparing(RunRow::runId))
                .toList();
        Report.Draft draft =
                Report.titled(new Heading(title(cohorts, printed), cohorts, printed, RunFacts.date(mine), origin));
        for (UnaryOperator<Report.Draft> section : sections) {
            draft = section.apply(draft);
        }
        return draft.provenance(RunFacts.provenance(
                        mine,
                        models.values().stream()
                                .filter(model -> used.contains(model.model()))
                                .toList(),
                        names,
                        modes,
                        warehouse.snapshotsRead()))
                .build();
    }

    private List<String> cohorts() {
        List<String> known = warehouse.read(RadiographRow.TABLE).select("cohort").distinct().collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
        if (known.isEmpty()) {
            throw new InputException(
                    "radiographs", "no cohort in the warehouse", "0 rows", "run: patella ingest --cohort NAME FOLDER");
        }
        for (String cohort : wanted.cohorts()) {
            if (!known.contains(cohort)) {
                throw new InputException(
                        "--cohort",
                        "no such cohort",
                        cohort,
                        "did you mean " + Conf.nearest(cohort, known) + "? There are " + String.join(", ", known));
            }
        }
        return wanted.cohorts().isEmpty()
                ? known
                : wanted.cohorts().stream().distinct().toList();
    }

    private static String title(List<String> cohorts, List<String> models) {
        String what = models.isEmpty()
                ? "Radiographs"
                : models.size() == 1 ? "Grades of " + models.get(0) : "Grades of " + models.size() + " models";
        String where = cohorts.size() <= 3 ? String.join(", ", cohorts) : cohorts.size() + " cohorts";
        return what + " on " + where;
    }

    /** A name per model and preparation; hashes are added only where names alone would be ambiguous. */
    private Map<String, String> names(List<EvaluationGroup> groups) {
        Set<List<String>> keys = new LinkedHashSet<>();
        groups.forEach(
                group -> keys.add(List.of(group.key().model(), group.key().preparation())));
        Map<String, Set<String>> hashesOfName = new HashMap<>();
        Map<String, Set<String>> preparationsOfModel = new HashMap<>();
        for (List<String> key : keys) {
            hashesOfName
                    .computeIfAbsent(base(key.get(0)), name -> new TreeSet<>())
                    .add(key.get(0));
            preparationsOfModel
                    .computeIfAbsent(key.get(0), model -> new TreeSet<>())
                    .add(key.get(1));
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (List<String> key : keys) {
            String name = base(key.get(0));
            if (hashesOfName.getOrDefault(name, Set.of()).size() > 1) {
                name += " " + EvaluationFacts.shortHash(key.get(0));
            }
            names.putIfAbsent(key.get(0), name);
            if (preparationsOfModel.getOrDefault(key.get(0), Set.of()).size() > 1) {
                name += ", preparation " + EvaluationFacts.shortHash(key.get(1));
            }
            names.put(key.get(0) + " " + key.get(1), name);
        }
        return names;
    }

    private String base(String model) {
        ModelRow row = models.get(model);
        return row == null ? EvaluationFacts.shortHash(model) : row.name();
    }

    private static String name(Map<String, String> names, EvaluationGroup.Key key) {
        return names.getOrDefault(key.model() + " " + key.preparation(), key.model());
    }

    private void cohort(CohortRows cohort, List<RunRow> runs, List<UnaryOperator<Report.Draft>> sections) {
        CohortFacts facts = new CohortFacts(cohort, CohortFacts.newest(runs, "consensus", cohort.cohort()));
        sections.add(draft -> draft.flow(facts.flow()).characteristics(facts.characteristics()));
        facts.consensus().ifPresent(each -> sections.add(draft -> draft.consensus(each)));
        facts.splits().forEach(each -> sections.add(draft -> draft.split(each)));
        Stream.of(
                        cohort.radiographs().stream().map(RadiographRow::runId),
                        cohort.references().values().stream().map(row -> row.runId()),
                        cohort.partRows().stream().map(row -> row.runId()))
                .flatMap(ids -> ids)
                .forEach(runIds::add);
    }

    private void evaluations(
            CohortRows cohort,
            List<EvaluationGroup> groups,
            Map<String, String> names,
            List<UnaryOperator<Report.Draft>> sections) {
        Map<String, Map<String, GradeRow>> grades = new HashMap<>();
        Map<String, Map<String, Predictions>> byPart = new LinkedHashMap<>();
        List<Runnable> pictured = new ArrayList<>();
        Set<String> worst = new LinkedHashSet<>();
        List<PictureFacts> pictures = new ArrayList<>();
        for (EvaluationGroup group : groups) {
            EvaluationGroup.Key key = group.key();
            String model = name(names, key);
            Map<String, GradeRow> graded = grades.computeIfAbsent(
                    key.model() + " " + key.preparation(),
                    both -> GradedPart.grades(warehouse, cohort.cohort(), key.model(), key.preparation()));
            Optional<GradedPart> part = GradedPart.of(cohort, graded, key.split(), key.part());
            EvaluationFacts facts = new EvaluationFacts(group, model, part.orElse(null));
            Performance performance = facts.performance();
            sections.add(draft -> draft.performance(performance));
            facts.subgroups().ifPresent(each -> sections.add(draft -> draft.subgroups(each)));
            facts.againstReaders().ifPresent(each -> sections.add(draft -> draft.tabulation(each)));
            runIds.add(group.runId());
            if (part.isEmpty()) {
                continue;
            }
            part.get()
                    .modes()
                    .forEach(mode -> modes.computeIfAbsent(key.model(), hash -> new TreeSet<>())
                            .add(mode));
            graded.values().forEach(row -> runIds.add(row.runId()));
            Predictions predictions = part.get().predictions();
            byPart.computeIfAbsent(group.part(), words -> new LinkedHashMap<>()).put(model, predictions);
            Optional<GradedPart> validation = key.part().equals("test")
                    ? GradedPart.of(cohort, graded, key.split(), "validation")
                    : Optional.empty();
            validation.ifPresent(calibration -> hard(
                    model + ", " + cohort.cohort() + " " + group.part(),
                    calibration.predictions(),
                    predictions,
                    bootstrap(group),
                    sections));
            if (key.part().equals("test") || key.part().equals(EvaluationRow.ALL)) {
                PictureFacts.worst(predictions.rows()).forEach(row -> worst.add(row.imageId()));
                pictured.add(() -> pictures.forEach(shown -> {
                    shown.failures(group.part(), model, predictions.rows())
                            .ifPresent(each -> sections.add(draft -> draft.failures(each)));
                    shown.heatmaps(model, predictions.rows())
                            .ifPresent(each -> sections.add(draft -> draft.heatmaps(each)));
                }));
            }
        }
        byPart.forEach((part, predictions) -> {
            Bootstrap bootstrap = groups.stream()
                    .filter(group -> group.part().equals(part))
                    .findFirst()
                    .map(ReportTables::bootstrap)
                    .orElse(Bootstrap.standard());
            ComparisonFacts.pairs(cohort.cohort(), part, predictions, bootstrap)
                    .forEach(each -> sections.add(draft -> draft.comparison(each)));
        });
        Map.Entry<String, Map<String, Predictions>> shown =
                byPart.entrySet().stream().findFirst().orElse(Map.entry("test", Map.of()));
        ComparisonFacts.agreement(cohort.cohort(), shown.getKey(), cohort.readings(), shown.getValue())
                .ifPresent(each -> sections.add(draft -> draft.agreement(each)));
        if (wanted.pictures() == Radiographs.SHOWN) {
            PictureFacts read = PictureFacts.read(warehouse, cohort, worst, wanted.heatmaps());
            pictures.add(read);
            read.examples().ifPresent(each -> sections.add(draft -> draft.examples(each)));
            pictured.forEach(Runnable::run);
        }
    }

    private static void hard(
            String label,
            Predictions validation,
            Predictions target,
            Bootstrap bootstrap,
            List<UnaryOperator<Report.Draft>> sections) {
        var prevalence = ComparisonFacts.prevalence(label, validation, target, bootstrap);
        sections.add(draft -> draft.tabulation(prevalence));
        ComparisonFacts.gradeSets(label, validation, target)
                .ifPresent(each -> sections.add(draft -> draft.tabulation(each)));
        ComparisonFacts.temperature(label, validation, target)
                .ifPresent(each -> sections.add(draft -> draft.tabulation(each)));
    }

    /** With as many resamples and the seed of the evaluation, so that all intervals of the page are made alike. */
    private static Bootstrap bootstrap(EvaluationGroup group) {
        Bootstrap bootstrap = Bootstrap.standard();
        for (EvaluationRow row : group.rows()) {
            if (row.resamples() != null && row.seed() != null) {
                return bootstrap.withResamples(row.resamples()).withSeed(row.seed());
            }
        }
        return bootstrap;
    }

    private void histories(
            Set<String> used,
            Map<String, String> names,
            List<RunRow> runs,
            List<UnaryOperator<Report.Draft>> sections) {
        Map<String, List<TrainingHistoryRow>> byModel = new LinkedHashMap<>();
        warehouse
                .collect(TrainingHistoryRow.TABLE, warehouse.read(TrainingHistoryRow.TABLE))
                .forEach(row -> byModel.computeIfAbsent(row.model(), model -> new ArrayList<>())
                        .add(row));
        for (String model : used) {
            List<TrainingHistoryRow> rows = byModel.getOrDefault(model, List.of());
            rows.forEach(row -> runIds.add(row.runId()));
            String stopped = runs.stream()
                    .filter(run -> rows.stream().anyMatch(row -> row.runId().equals(run.runId())))
                    .map(run -> RunFacts.stopped(run.counts()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            RunFacts.history(names.getOrDefault(model, model), stopped, rows)
                    .ifPresent(each -> sections.add(draft -> draft.history(each)));
        }
    }
}
