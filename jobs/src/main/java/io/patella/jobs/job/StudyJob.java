package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
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
import io.patella.statistics.conformal.GradeSets;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.evaluation.Subgroup;
import io.patella.statistics.metrics.Metric;
import io.patella.tables.row.EvaluationRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
     * @param trainImages that it learned from; null for a bundle given
     * @param images evaluated
     * @param patients evaluated
     * @param figures by metric; empty where nothing could be said
     */
    public record Line(
            String model,
            String evaluation,
            @Nullable Integer trainImages,
            int images,
            int patients,
            Map<Metric, Interval> figures) {}

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

    /** Does what is left of it: a training that is done is not done again. */
    public Outcome run() {
        List<Line> lines = new ArrayList<>();
        StudyConf.FoldsConf folds = conf.folds();
        if (folds == null) {
            if (!round(null, lines)) {
                return new Outcome(null, lines);
            }
        } else {
            List<String> splits = JobRun.of("split", folds.cohort(), folds, log)
                    .run(run -> FoldSplits.make(run, folds.cohort(), folds.folds(), folds.seed()));
            for (String split : splits) {
                if (!round(split, lines)) {
                    return new Outcome(null, lines);
                }
            }
        }
        return JobRun.of("study", null, conf, log).run(run -> {
            Path table = write(lines);
            run.count("lines", lines.size());
            run.phase("table " + table);
            run.next("patella report");
            run.summary(markdown(lines));
            return new Outcome(table, lines);
        });
    }

    /** Every model once; false when a training was interrupted. */
    private boolean round(@Nullable String fold, List<Line> lines) {
        Map<String, Made> made = new LinkedHashMap<>();
        for (StudyConf.ModelConf model : conf.models()) {
            log.println();
            log.println("study " + conf.name() + ": " + model.name() + (fold == null ? "" : ", " + fold));
            Made bundle = make(model, fold, made);
            if (bundle == null) {
                return false;
            }
            made.put(model.name(), bundle);
            for (StudyConf.EvaluationConf where : model.evaluate()) {
                StudyConf.FoldsConf folds = conf.folds();
                lines.add(line(
                        model.name() + (fold == null ? "" : ", " + fold),
                        fold == null || folds == null ? where : where.within(fold, folds.cohort()),
                        bundle));
            }
        }
        return true;
    }

    private @Nullable Made make(StudyConf.ModelConf model, @Nullable String fold, Map<String, Made> made) {
        if (model.bundle() != null) {
            return new Made(Path.of(model.bundle()), null);
        }
        List<String> more = new ArrayList<>();
        more.add("name=" + conf.name() + "-" + model.slug() + (fold == null ? "" : "-" + fold));
        if (fold != null) {
            more.add("split=" + fold);
        }
        Training.Outcome outcome;
        if (model.train() != null) {
            TrainConf train = Conf.read(beside(model.train()), TrainConf.class, conf.overrides(model, more));
            outcome = new TrainJob(train, warehouseFolder, log).run();
        } else {
            FinetuneConf tune = Conf.read(
                    beside(String.valueOf(model.finetune())), FinetuneConf.class, conf.overrides(model, more));
            Made from = made.get(String.valueOf(model.from()));
            if (from == null) {
                throw new IllegalStateException("the conf lets nothing start from " + model.from());
            }
            outcome = new FinetuneJob(from.bundle(), tune, warehouseFolder, log).run();
        }
        return outcome.bundle() == null ? null : new Made(outcome.bundle(), outcome.trainImages());
    }

    private Path beside(String path) {
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }

    private Line line(String name, StudyConf.EvaluationConf where, Made made) {
        Path bundle = where.views() == null ? made.bundle() : withViews(made.bundle(), where.views());
        ExecutionMode mode =
                conf.mode() == null ? ExecutionMode.standard(Device.CPU) : ExecutionMode.parse(conf.mode(), "mode");
        String model = new GradeJob(
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
                                model,
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
        Map<Metric, Interval> figures = new LinkedHashMap<>();
        Evaluation evaluation = whole.evaluation();
        if (evaluation != null) {
            for (Metric metric : Metric.values()) {
                figures.put(metric, evaluation.interval(metric));
            }
        }
        return new Line(name, where.name(), made.trainImages(), whole.images(), whole.patients(), figures);
    }

    /** The same bundle with other test-time views beside it; its cutpoints stay. */
    private static Path withViews(Path bundle, int views) {
        try (Bundle files = Bundle.open(bundle)) {
            BundleDescription said = files.description();
            Path other = bundle.resolveSibling(said.name() + "-views-" + views);
            Bundle.write(
                    other,
                    new BundleDescription(
                            said.name() + "-views-" + views,
                            said.grader(),
                            said.preparation().with(Preparation.Views.of(views, "views")),
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
        List<List<Object>> rows = new ArrayList<>();
        for (Line line : lines) {
            List<Object> row = new ArrayList<>(List.of(
                    line.model(),
                    line.evaluation(),
                    line.trainImages() == null ? "" : line.trainImages(),
                    line.images(),
                    line.patients()));
            for (Metric metric : Metric.values()) {
                Interval interval = line.figures().get(metric);
                row.add(interval == null ? "" : number(interval.estimate()));
                row.add(interval == null ? "" : number(interval.lower()));
                row.add(interval == null ? "" : number(interval.upper()));
            }
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
                .append("`; patient-level bootstrap, 95 %.\n\n");
        text.append("| model | evaluated on | train images | images | patients |");
        StringBuilder rule = new StringBuilder("|---|---|---|---|---|");
        for (Metric metric : Metric.values()) {
            text.append(' ').append(metric.title()).append(" |");
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
            text.append('\n');
        }
        return text.toString();
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
