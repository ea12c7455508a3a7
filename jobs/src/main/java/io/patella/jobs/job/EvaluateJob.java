package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.evaluating.EvaluationRows;
import io.patella.evaluating.GradedImages;
import io.patella.evaluating.GradedPredictions;
import io.patella.evaluating.Group;
import io.patella.evaluating.GroupEvaluation;
import io.patella.evaluating.GroupEvaluator;
import io.patella.jobs.files.AgreementFile;
import io.patella.jobs.files.Covariates;
import io.patella.jobs.files.CsvOut;
import io.patella.jobs.files.EvaluationAnswer;
import io.patella.jobs.files.HardGrades;
import io.patella.jobs.files.TextTable;
import io.patella.statistics.agreement.Agreement;
import io.patella.statistics.agreement.ReadingMatrix;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.evaluation.Subgroup;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.row.CurveRow;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.RadiographRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the grades of one or all models on a part of a cohort against the reference grades, by strata, and against each
 * reader; all groups in one Spark action. Writes {@code evaluations} and {@code curves}.
 */
public final class EvaluateJob {
    /** What the grades are held against. */
    public enum Against {
        /** The reference grades alone. */
        REFERENCE,
        /** Each reader too, also apart where readers agree and disagree. */
        READERS
    }

    /**
     * What to evaluate.
     *
     * @param cohort whose images
     * @param split split that {@code part} belongs to
     * @param part which part; null for the whole cohort
     * @param model name or hash of a model; null for every model that has graded
     * @param subgroups columns of radiographs or covariates whose values are evaluated apart
     * @param covariates a file of more columns by patient or image; null for none
     * @param smallestCell strata with fewer patients get no figures
     * @param against what the grades are held against
     * @param alpha allowed misses of the grade sets that the validation part calibrates
     * @param bootstrap how intervals are made
     */
    public record Request(
            String cohort,
            String split,
            @Nullable Part part,
            @Nullable String model,
            List<String> subgroups,
            @Nullable Path covariates,
            int smallestCell,
            Against against,
            double alpha,
            Bootstrap bootstrap) {
        public Request {
            subgroups = List.copyOf(subgroups);
        }

        String partWord() {
            return part == null ? EvaluationRow.ALL : part.word();
        }
    }

    /**
     * What was found.
     *
     * @param runId the run that wrote it
     * @param request what was asked
     * @param names names of the models by hash
     * @param groups every group
     * @param readers agreement of the readers among themselves on the same images; null when not asked for or fewer than two
     * @param hardGrades what the validation part teaches, by model and preparation; only of the test part
     */
    public record Outcome(
            String runId,
            Request request,
            Map<String, String> names,
            List<GroupEvaluation> groups,
            @Nullable Agreement readers,
            Map<GradedPredictions.Key, HardGrades> hardGrades) {
        /** The JSON object: one entry per model in {@code evaluations}, each with the keys of {@code evaluate} on files. */
        public Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("run_id", runId);
            json.put("cohort", request.cohort());
            json.put("split", request.part() == null ? EvaluationRow.ALL : request.split());
            json.put("part", request.partWord());
            List<Object> evaluations = new ArrayList<>();
            for (GroupEvaluation whole : wholes()) {
                Map<String, @Nullable Object> each = new LinkedHashMap<>();
                each.put("model", whole.group().model());
                each.put("model_name", names.get(whole.group().model()));
                each.put("preparation", whole.group().preparation());
                each.put("scale", whole.group().scale());
                Evaluation evaluation = whole.evaluation();
                if (evaluation != null) {
                    each.putAll(EvaluationAnswer.json(evaluation, strata(whole.group())));
                }
                HardGrades hard = hardGrades.get(key(whole.group()));
                if (hard != null) {
                    each.put("hard_grades", hard.json());
                }
                evaluations.add(each);
            }
            json.put("evaluations", evaluations);
            json.put("readers", readers == null ? null : AgreementFile.json(readers));
            json.put("notes", List.of());
            return json;
        }

        /** For a terminal. */
        public String text() {
            StringBuilder text = new StringBuilder();
            TextTable table =
                    new TextTable("model", "stratum", "images", "patients", "QWK", "accuracy", "macro-F1", "MAE");
            for (GroupEvaluation found : groups) {
                Evaluation evaluation = found.evaluation();
                List<String> cells = new ArrayList<>();
                for (Metric metric : Metric.values()) {
                    cells.add(evaluation == null ? "-" : EvaluationAnswer.text(evaluation.interval(metric)));
                }
                table.row(
                        names.getOrDefault(found.group().model(), found.group().model()),
                        found.group().stratum(),
                        found.images(),
                        found.patients(),
                        cells.get(0),
                        cells.get(1),
                        cells.get(2),
                        cells.get(3));
            }
            text.append(table.text());
            if (readers != null) {
                text.append("\nthe readers among themselves, on the same images: ")
                        .append(AgreementFile.text(readers));
            }
            hardGrades.forEach((model, hard) -> text.append("\n")
                    .append(names.getOrDefault(model.model(), model.model()))
                    .append(hard.text()));
            groups.stream()
                    .filter(found -> found.note() != null)
                    .map(found -> "note: " + found.group().stratum() + ": " + found.note() + "\n")
                    .distinct()
                    .forEach(text::append);
            return text.toString();
        }

        /** The curves of every model: its name, its preparation, then {@link EvaluationAnswer#CURVE_COLUMNS}. */
        public void writeCurves(Path file) {
            List<List<?>> rows = new ArrayList<>();
            for (GroupEvaluation whole : wholes()) {
                Evaluation evaluation = whole.evaluation();
                if (evaluation != null) {
                    EvaluationAnswer.curveRows(evaluation).forEach(row -> rows.add(withModel(key(whole.group()), row)));
                }
            }
            CsvOut.write(file, withModelColumns(EvaluationAnswer.CURVE_COLUMNS), rows);
        }

        /**
         * The grade set of every knee and model: name, preparation, then {@link HardGrades#COLUMNS}.
         *
         * @throws InputException when there are none
         */
        public void writeGradeSets(Path file) {
            if (hardGrades.isEmpty()) {
                throw new InputException(
                        "--grade-sets",
                        "no grade sets of part " + request.partWord(),
                        request.cohort(),
                        "they need the part test, and grades of the part validation with probabilities");
            }
            List<List<?>> rows = new ArrayList<>();
            hardGrades.forEach((model, hard) -> hard.rows().forEach(row -> rows.add(withModel(model, row))));
            CsvOut.write(file, withModelColumns(HardGrades.COLUMNS), rows);
        }

        private static List<String> withModelColumns(List<String> columns) {
            List<String> all = new ArrayList<>(List.of("model", "preparation"));
            all.addAll(columns);
            return all;
        }

        private List<?> withModel(GradedPredictions.Key model, List<?> row) {
            List<Object> all = new ArrayList<>();
            all.add(names.getOrDefault(model.model(), model.model()));
            all.add(model.preparation());
            all.addAll(row);
            return all;
        }

        private static GradedPredictions.Key key(Group group) {
            return new GradedPredictions.Key(group.model(), group.preparation());
        }

        private List<GroupEvaluation> wholes() {
            return groups.stream()
                    .filter(found -> found.group().stratum().equals(EvaluationRow.ALL))
                    .toList();
        }

        private List<Subgroup> strata(Group whole) {
            return groups.stream()
                    .filter(found -> found.group().model().equals(whole.model())
                            && found.group().preparation().equals(whole.preparation())
                            && !found.group().stratum().equals(EvaluationRow.ALL))
                    .map(found -> {
                        String[] pair = found.group().stratum().split("=", 2);
                        return new Subgroup(
                                pair[0],
                                pair[pair.length - 1],
                                found.images(),
                                found.patients(),
                                found.evaluation(),
                                found.evaluation() == null ? found.note() : null);
                    })
                    .toList();
        }
    }

    private final Request request;
    private final PrintWriter log;

    public EvaluateJob(Request request, PrintWriter log) {
        this.request = request;
        this.log = log;
    }

    /** Evaluates and writes {@code evaluations} and {@code curves}. */
    public Outcome run() {
        return JobRun.reading("evaluate", request.cohort(), request, log).run(this::evaluate);
    }

    private Outcome evaluate(JobRun run) {
        GradedImages images = images(run, request.part());
        Map<String, String> names = GradedModels.names(run.warehouse());
        Dataset<Row> graded = images.againstReference(request.subgroups());
        if (request.against() == Against.READERS) {
            graded = graded.union(images.againstReaders());
        }
        if (request.model() != null) {
            graded = graded.where(col("model").equalTo(GradedModels.find(names, request.model())));
        }
        run.phase("evaluating part " + request.partWord() + " of " + request.cohort());
        List<GroupEvaluation> groups = new GroupEvaluator(request.bootstrap(), request.smallestCell()).evaluate(graded);
        if (groups.isEmpty()) {
            throw new InputException(
                    "--cohort",
                    "has no graded images with a reference grade in part " + request.partWord(),
                    request.cohort(),
                    "run ingest, consensus, split and grade first; patella query \"select part, count(*) from knee_grades"
                            + " group by part\" shows what is there");
        }
        Agreement readers = request.against() == Against.READERS ? readers(images) : null;
        EvaluationRows rows = new EvaluationRows(run.id());
        run.count(run.warehouse()
                .append(
                        CurveRow.TABLE,
                        groups.stream()
                                .flatMap(found -> rows.curves(found).stream())
                                .toList()));
        run.count(run.warehouse()
                .append(
                        EvaluationRow.TABLE,
                        groups.stream()
                                .flatMap(found -> rows.figures(found).stream())
                                .toList()));
        run.count("groups", groups.size());
        Outcome outcome = new Outcome(run.id(), request, names, groups, readers, hardGrades(run, groups));
        run.next("patella report");
        run.summary(outcome.text());
        return outcome;
    }

    private GradedImages images(JobRun run, @Nullable Part part) {
        GradedImages images =
                new GradedImages(run.warehouse(), request.cohort(), request.split(), part == null ? null : part.word());
        if (request.covariates() == null) {
            return images;
        }
        List<String> known = Arrays.asList(RadiographRow.TABLE.schema().fieldNames());
        List<String> wanted = request.subgroups().stream()
                .filter(column -> !known.contains(column))
                .toList();
        if (wanted.isEmpty()) {
            throw new InputException(
                    "--covariates", "no --subgroup names one of its columns", request.subgroups(), "name them there");
        }
        Covariates covariates = Covariates.read(request.covariates(), wanted);
        StructType schema = new StructType().add(covariates.key(), DataTypes.StringType, false);
        for (String column : covariates.columns()) {
            schema = schema.add(column, DataTypes.StringType);
        }
        return images.with(run.spark()
                .createDataFrame(
                        covariates.rows().stream()
                                .map(row -> RowFactory.create(row.toArray()))
                                .toList(),
                        schema));
    }

    /** Of the test part and models on the full scale that graded the validation part with the same preparation. */
    private Map<GradedPredictions.Key, HardGrades> hardGrades(JobRun run, List<GroupEvaluation> groups) {
        Map<GradedPredictions.Key, HardGrades> hard = new LinkedHashMap<>();
        if (request.part() != Part.TEST) {
            return hard;
        }
        Map<GradedPredictions.Key, List<Prediction>> validation = byModel(run, Part.VALIDATION);
        Map<GradedPredictions.Key, List<Prediction>> target = validation.isEmpty() ? Map.of() : byModel(run, Part.TEST);
        for (GroupEvaluation found : groups) {
            GradedPredictions.Key model = Outcome.key(found.group());
            List<Prediction> fitted = validation.get(model);
            List<Prediction> judged = target.get(model);
            boolean whole = found.group().stratum().equals(EvaluationRow.ALL)
                    && found.group().scale().equals(GradeRow.FULL_SCALE);
            if (whole && fitted != null && judged != null) {
                hard.put(
                        model,
                        HardGrades.of(
                                Predictions.of(fitted), Predictions.of(judged), request.alpha(), request.bootstrap()));
            }
        }
        return hard;
    }

    private Map<GradedPredictions.Key, List<Prediction>> byModel(JobRun run, Part part) {
        return GradedPredictions.byModel(
                new GradedImages(run.warehouse(), request.cohort(), request.split(), part.word())
                        .againstReference(List.of())
                        .where(col("scale").equalTo(GradeRow.FULL_SCALE)));
    }

    /** Agreement of the readers' first readings; null when fewer than two read. */
    private static @Nullable Agreement readers(GradedImages images) {
        Map<String, Map<String, Integer>> grades = new TreeMap<>();
        for (Row row : images.firstReadings().collectAsList()) {
            grades.computeIfAbsent(row.getString(1), reader -> new TreeMap<>()).put(row.getString(0), row.getInt(2));
        }
        return grades.size() < 2 ? null : Agreement.of(ReadingMatrix.of(grades));
    }
}
