package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.evaluating.GradedImages;
import io.patella.evaluating.GradedPredictions;
import io.patella.evaluating.GroupEvaluation;
import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.FinetuneConf;
import io.patella.jobs.conf.StudyConf;
import io.patella.jobs.conf.TrainConf;
import io.patella.jobs.files.CsvOut;
import io.patella.jobs.files.EvaluationAnswer;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.preparation.Preparation;
import io.patella.statistics.Figure;
import io.patella.statistics.Interval;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.comparison.Comparison;
import io.patella.statistics.conformal.GradeSets;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.evaluation.FigureName;
import io.patella.statistics.evaluation.Subgroup;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.Warehouse;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RadiographRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Does a study: trains its models by {@link TrainJob} and {@link FinetuneJob}, grades by {@link GradeJob}, evaluates by {@link
 * EvaluateJob}, each as its command does, and writes one table. The figures stand in {@code evaluations}, the table as CSV and Markdown
 * in the warehouse's folder {@code studies}, from where the report takes it.
 */
public final class StudyJob {
    private static final int BATCH = 16;

    private final StudyConf conf;
    private final Path file;
    private final Path warehouseFolder;
    private final PrintWriter log;

    /** Grades of the first model on the images of a cohort, split and part. */
    private final Map<List<String>, List<Prediction>> firsts = new HashMap<>();

    /** Grades by model and evaluation, one list a fold. */
    private final Map<List<String>, List<List<Prediction>>> ofFolds = new LinkedHashMap<>();

    /**
     * @param file the conf's, against which the paths in it are read
     * @param warehouseFolder as of {@link TrainJob}
     */
    public StudyJob(StudyConf conf, Path file, Path warehouseFolder, PrintWriter log) {
        this.conf = conf;
        this.file = file;
        this.warehouseFolder = warehouseFolder;
        this.log = log;
    }

    /**
     * One line of the table.
     *
     * @param model its name in the study, with the fold where there are folds
     * @param evaluation where it was evaluated
     * @param trainImages that it learned from; null for a bundle given, and for all folds together
     * @param images evaluated
     * @param patients evaluated
     * @param figures by metric; empty where nothing could be said
     * @param differences this line minus the first one on the same images, paired by patient; empty where there is none before
     */
    public record Line(
            String model,
            String evaluation,
            @Nullable Integer trainImages,
            int images,
            int patients,
            Map<Metric, Interval> figures,
            Map<Metric, Interval> differences) {}

    /**
     * What came of it.
     *
     * @param table CSV file; null when a training was interrupted
     * @param lines of it
     */
    public record Outcome(@Nullable Path table, List<Line> lines) {
        /** For a program. */
        public Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("table", table == null ? null : table.toString());
            answer.put("lines", lines);
            return answer;
        }
    }

    /** A bundle of the study. */
    private record Made(Path bundle, @Nullable Integer trainImages) {}

    /** A training of the study: the conf of {@code train} or of {@code finetune}, and its file. */
    private record Recipe(
            Path file, @Nullable TrainConf train, @Nullable FinetuneConf finetune) {
        String cohort() {
            return train != null ? train.cohort() : finetune != null ? finetune.cohort() : "";
        }

        String split() {
            return train != null ? train.split() : finetune != null ? finetune.split() : "";
        }
    }

    /** Does what is left of it: what is trained and graded already is not trained and graded again. */
    public Outcome run() {
        StudyConf.FoldsConf folds = conf.folds();
        check();
        List<String> rounds = new ArrayList<>();
        if (folds == null) {
            rounds.add("");
        } else {
            rounds.addAll(JobRun.of("split", folds.cohort(), folds, log)
                    .run(run -> FoldSplits.make(run, folds.cohort(), folds.folds(), folds.seed())));
        }
        List<Line> lines = new ArrayList<>();
        int step = 0;
        for (String round : rounds) {
            Map<String, Made> made = new LinkedHashMap<>();
            for (StudyConf.ModelConf model : conf.models()) {
                String name = model.name() + (round.isEmpty() ? "" : ", " + round);
                log.println();
                log.println("study " + conf.name() + ", " + ++step + " of "
                        + rounds.size() * conf.models().size() + ": " + name);
                Made bundle = make(model, round, made);
                if (bundle == null) {
                    return new Outcome(null, lines);
                }
                made.put(model.name(), bundle);
                for (StudyConf.EvaluationConf where : model.evaluate()) {
                    lines.add(line(
                            name, model.name(), folds == null ? where : where.within(round, folds.cohort()), bundle));
                }
            }
        }
        lines.addAll(allFolds());
        return JobRun.of("study", null, conf, log).run(run -> {
            Path table = write(lines);
            run.count("lines", lines.size());
            run.phase("table " + table);
            run.next("patella report");
            run.summary(markdown(lines));
            return new Outcome(table, lines);
        });
    }

    /** Everything that can be known to be wrong before the first training, all at once: it may be hours until the last. */
    private void check() {
        List<String> wrong = new ArrayList<>();
        Map<String, Recipe> recipes = new LinkedHashMap<>();
        for (StudyConf.ModelConf model : conf.models()) {
            try {
                Path bundle = bundle(model);
                if (bundle == null) {
                    recipes.put(model.name(), recipe(model, ""));
                } else {
                    Bundle.open(bundle).close();
                }
            } catch (InputException e) {
                wrong.add(model.name() + ": " + e.getMessage());
            }
        }
        Warehouse warehouse = warehouse();
        Set<String> cohorts = warehouse.read(RadiographRow.TABLE).select("cohort").distinct().collectAsList().stream()
                .map(row -> row.getString(0))
                .collect(Collectors.toSet());
        Set<List<String>> parts =
                warehouse.read(PartRow.TABLE).select("cohort", "split", "part").distinct().collectAsList().stream()
                        .map(row -> List.of(row.getString(0), row.getString(1), row.getString(2)))
                        .collect(Collectors.toSet());
        Set<String> missing = new LinkedHashSet<>();
        StudyConf.FoldsConf folds = conf.folds();
        if (folds != null) {
            need(folds.cohort(), cohorts, missing);
        }
        recipes.values().forEach(recipe -> {
            if (need(recipe.cohort(), cohorts, missing) && folds == null) {
                need(recipe.cohort(), recipe.split(), Part.TRAIN.word(), parts, missing);
            }
        });
        for (StudyConf.ModelConf model : conf.models()) {
            for (StudyConf.EvaluationConf where : model.evaluate()) {
                boolean ofFold = folds != null && folds.cohort().equals(where.cohort());
                Part part = where.partOrNull();
                if (need(where.cohort(), cohorts, missing) && part != null && !ofFold) {
                    need(where.cohort(), where.split(), part.word(), parts, missing);
                }
            }
        }
        wrong.addAll(missing);
        if (!wrong.isEmpty()) {
            throw new InputException(
                    wrong.stream().map(problem -> file + ": " + problem).collect(Collectors.joining("\n")));
        }
    }

    private static boolean need(String cohort, Set<String> cohorts, Set<String> missing) {
        boolean there = cohorts.contains(cohort);
        if (!there) {
            missing.add("no such cohort: " + cohort + " (run: patella ingest --cohort " + cohort + " FOLDER)");
        }
        return there;
    }

    private static void need(String cohort, String split, String part, Set<List<String>> parts, Set<String> missing) {
        if (!parts.contains(List.of(cohort, split, part))) {
            missing.add("split " + split + " of " + cohort + " has no part: " + part + " (run: patella split --cohort "
                    + cohort + ", or name another split)");
        }
    }

    private static Warehouse warehouse() {
        return Warehouse.openExisting(JobRun.session());
    }

    private @Nullable Path bundle(StudyConf.ModelConf model) {
        return model.bundle() == null ? null : Conf.beside(file, model.bundle());
    }

    /** The conf of a training, under the study's name and with a fold's split. */
    private Recipe recipe(StudyConf.ModelConf model, String fold) {
        List<String> more = new ArrayList<>();
        more.add("name=" + conf.name() + "-" + model.slug() + (fold.isEmpty() ? "" : "-" + fold));
        if (!fold.isEmpty()) {
            more.add("split=" + fold);
        }
        List<String> overrides = conf.overrides(model, more);
        if (model.train() != null) {
            Path path = Conf.beside(file, model.train());
            return new Recipe(path, Conf.read("train", path, TrainConf.class, overrides), null);
        }
        Path path = Conf.beside(file, String.valueOf(model.finetune()));
        return new Recipe(path, null, Conf.read("finetune", path, FinetuneConf.class, overrides));
    }

    private @Nullable Made make(StudyConf.ModelConf model, String fold, Map<String, Made> made) {
        Path given = bundle(model);
        if (given != null) {
            return new Made(given, null);
        }
        Recipe recipe = recipe(model, fold);
        Training.Outcome outcome;
        if (recipe.train() != null) {
            outcome = new TrainJob(recipe.train(), recipe.file(), warehouseFolder, log).run();
        } else if (recipe.finetune() != null) {
            Made from = made.get(String.valueOf(model.from()));
            if (from == null) {
                throw new IllegalStateException("the conf lets nothing start from " + model.from());
            }
            outcome = new FinetuneJob(from.bundle(), recipe.finetune(), warehouseFolder, log).run();
        } else {
            throw new IllegalStateException("a model is trained, fine-tuned or given");
        }
        return outcome.bundle() == null ? null : new Made(outcome.bundle(), outcome.trainImages());
    }

    /** A line {@code name}, of the study's {@code model} in whichever fold. */
    private Line line(String name, String model, StudyConf.EvaluationConf where, Made made) {
        Path bundle = where.views() == null ? made.bundle() : withViews(made.bundle(), where.views());
        ExecutionMode mode =
                conf.mode() == null ? ExecutionMode.standard(Device.CPU) : ExecutionMode.parse(conf.mode(), "mode");
        String hash = new GradeJob(
                        new GradeJob.Request(
                                bundle.toString(), where.cohort(), where.split(), where.partOrNull(), mode, BATCH),
                        log)
                .run()
                .model();
        EvaluateJob.Outcome outcome = new EvaluateJob(
                        new EvaluateJob.Request(
                                where.cohort(),
                                where.split(),
                                where.partOrNull(),
                                hash,
                                List.of(),
                                null,
                                Subgroup.SMALLEST_CELL,
                                EvaluateJob.Against.REFERENCE,
                                GradeSets.ALPHA,
                                Bootstrap.standard()),
                        log)
                .run();
        GroupEvaluation whole = outcome.groups().stream()
                .filter(group -> group.group().stratum().equals(EvaluationRow.ALL))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing was evaluated"));
        Evaluation evaluation = whole.evaluation();
        return new Line(
                name,
                where.name(),
                made.trainImages(),
                whole.images(),
                whole.patients(),
                evaluation == null ? Map.of() : figures(evaluation),
                evaluation == null || !whole.group().scale().equals(GradeRow.FULL_SCALE)
                        ? Map.of()
                        : differences(model, where, hash));
    }

    private static Map<Metric, Interval> figures(Evaluation evaluation) {
        Map<Metric, Interval> figures = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            figures.put(metric, evaluation.interval(metric));
        }
        return figures;
    }

    /** This model minus the first that was evaluated on the same images; remembers its grades for those that come. */
    private Map<Metric, Interval> differences(String model, StudyConf.EvaluationConf where, String hash) {
        List<String> images = List.of(where.cohort(), where.split(), where.part());
        boolean compared = conf.models().stream()
                        .flatMap(each -> each.evaluate().stream())
                        .filter(each -> images.equals(List.of(each.cohort(), each.split(), each.part())))
                        .count()
                > 1;
        if (!compared && conf.folds() == null) {
            return Map.of();
        }
        Part part = where.partOrNull();
        List<Prediction> mine = GradedPredictions.ofOneModel(
                new GradedImages(warehouse(), where.cohort(), where.split(), part == null ? null : part.word())
                        .againstReference(List.of())
                        .where(col("model").equalTo(hash)),
                model);
        ofFolds.computeIfAbsent(List.of(model, where.name()), none -> new ArrayList<>())
                .add(mine);
        List<Prediction> first = firsts.putIfAbsent(images, mine);
        if (first == null) {
            return Map.of();
        }
        Map<Metric, Interval> differences = new LinkedHashMap<>();
        Comparison.of(Predictions.of(mine), Predictions.of(first), Bootstrap.standard())
                .differences()
                .forEach(each -> Arrays.stream(Metric.values())
                        .filter(metric -> FigureName.of(metric).equals(each.name()))
                        .forEach(metric -> differences.put(metric, each.interval())));
        return differences;
    }

    /** Of every model over all folds, each picture graded by the network that has not seen it: the figure that cross-validation is for. */
    private List<Line> allFolds() {
        List<Line> lines = new ArrayList<>();
        if (conf.folds() == null) {
            return lines;
        }
        ofFolds.forEach((name, folds) -> {
            List<Prediction> all = folds.stream().flatMap(List::stream).toList();
            boolean once = all.stream().map(Prediction::imageId).distinct().count() == all.size();
            if (once && folds.size() > 1) {
                Evaluation evaluation = Evaluation.of(Predictions.of(all), Bootstrap.standard());
                lines.add(new Line(
                        name.get(0) + ", all folds",
                        name.get(1),
                        null,
                        evaluation.images(),
                        evaluation.patients(),
                        figures(evaluation),
                        Map.of()));
            }
        });
        return lines;
    }

    /** The same bundle with other test-time views, among the warehouse's models; its cutpoints stay. */
    private Path withViews(Path bundle, int views) {
        try (Bundle files = Bundle.open(bundle)) {
            BundleDescription said = files.description();
            Preparation.Views wanted = Preparation.Views.of(views, "views");
            if (said.preparation().views() == wanted) {
                return bundle;
            }
            String name = said.name() + "-views-" + views;
            Path other = warehouseFolder.resolve("models").resolve(name);
            Bundle.write(
                    other,
                    new BundleDescription(
                            name,
                            said.grader(),
                            said.preparation().with(wanted),
                            said.cutpoints(),
                            said.training(),
                            said.heldOut()),
                    files.model(),
                    files.card(),
                    files.typical());
            return other;
        }
    }

    private Path write(List<Line> lines) throws IOException {
        Path folder = warehouseFolder.resolve("studies");
        Files.createDirectories(folder);
        List<String> header = new ArrayList<>(List.of("model", "evaluated on", "train images", "images", "patients"));
        for (Metric metric : Metric.values()) {
            header.add(metric.title());
            header.add(metric.title() + " lower");
            header.add(metric.title() + " upper");
        }
        List<Metric> compared = compared(lines);
        for (Metric metric : compared) {
            header.add(difference(metric));
            header.add(difference(metric) + " lower");
            header.add(difference(metric) + " upper");
        }
        List<List<Object>> rows = new ArrayList<>();
        for (Line line : lines) {
            List<Object> row = new ArrayList<>(List.of(
                    line.model(),
                    line.evaluation(),
                    line.trainImages() == null ? "" : line.trainImages(),
                    line.images(),
                    line.patients()));
            for (Metric metric : Metric.values()) {
                numbers(line.figures().get(metric), row);
            }
            compared.forEach(metric -> numbers(line.differences().get(metric), row));
            rows.add(row);
        }
        Path table = folder.resolve(conf.name() + ".csv");
        CsvOut.write(table, header, rows);
        try {
            Files.writeString(folder.resolve(conf.name() + ".md"), markdown(lines));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the study's table: " + e.getMessage(), e);
        }
        return table;
    }

    private String markdown(List<Line> lines) {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(conf.title()).append("\n\n");
        text.append("`patella study ")
                .append(conf.study())
                .append(" --conf ")
                .append(file)
                .append("`; patient-level bootstrap, 95 %.")
                .append(
                        compared(lines).isEmpty()
                                ? ""
                                : " A difference is the line minus the first one on the same images, paired by patient.")
                .append("\n\n");
        text.append("| model | evaluated on | train images | images | patients |");
        StringBuilder rule = new StringBuilder("|---|---|---|---|---|");
        for (Metric metric : Metric.values()) {
            text.append(' ').append(metric.title()).append(" |");
            rule.append("---|");
        }
        List<Metric> compared = compared(lines);
        for (Metric metric : compared) {
            text.append(' ').append(difference(metric)).append(" |");
            rule.append("---|");
        }
        text.append('\n').append(rule).append('\n');
        for (Line line : lines) {
            text.append("| ").append(line.model()).append(" | ").append(line.evaluation());
            text.append(" | ").append(line.trainImages() == null ? "" : line.trainImages());
            text.append(" | ")
                    .append(line.images())
                    .append(" | ")
                    .append(line.patients())
                    .append(" |");
            for (Metric metric : Metric.values()) {
                Interval interval = line.figures().get(metric);
                text.append(' ')
                        .append(interval == null ? "-" : EvaluationAnswer.text(interval))
                        .append(" |");
            }
            for (Metric metric : compared) {
                Interval interval = line.differences().get(metric);
                text.append(' ')
                        .append(interval == null ? "" : EvaluationAnswer.text(interval))
                        .append(" |");
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** What differences are told of; nothing where no two lines share their images. */
    private static List<Metric> compared(List<Line> lines) {
        return lines.stream().allMatch(line -> line.differences().isEmpty())
                ? List.of()
                : List.of(Metric.QWK, Metric.ACCURACY);
    }

    private static String difference(Metric metric) {
        return metric.title() + " difference";
    }

    private static void numbers(@Nullable Interval interval, List<Object> row) {
        row.add(interval == null ? "" : number(interval.estimate()));
        row.add(interval == null ? "" : number(interval.lower()));
        row.add(interval == null ? "" : number(interval.upper()));
    }

    private static String number(Figure figure) {
        return figure.isDefined() ? String.format(Locale.ROOT, "%.3f", figure.orElse(0)) : "";
    }

    /** The word of the command and the study of the conf must be one. */
    public static void demand(String word, StudyConf conf, Path file) {
        if (!word.equals(conf.study())) {
            throw new InputException(
                    file.toString(),
                    "is another study",
                    conf.study(),
                    "run: patella study " + conf.study() + " --conf " + file);
        }
    }
}
