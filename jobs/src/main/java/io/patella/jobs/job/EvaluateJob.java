package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.evaluating.EvaluationRows;
import io.patella.evaluating.GradedImages;
import io.patella.evaluating.Group;
import io.patella.evaluating.GroupEvaluation;
import io.patella.evaluating.GroupEvaluator;
import io.patella.jobs.files.AgreementFile;
import io.patella.jobs.files.EvaluationAnswer;
import io.patella.jobs.files.TextTable;
import io.patella.statistics.agreement.Agreement;
import io.patella.statistics.agreement.ReadingMatrix;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.evaluation.Evaluation;
import io.patella.statistics.evaluation.Subgroup;
import io.patella.statistics.metrics.Metric;
import io.patella.tables.row.CurveRow;
import io.patella.tables.row.EvaluationRow;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
     * @param subgroups columns of radiographs whose values are evaluated apart
     * @param smallestCell strata with fewer patients get no figures
     * @param against what the grades are held against
     * @param bootstrap how intervals are made
     */
    public record Request(
            String cohort,
            String split,
            @Nullable Part part,
            @Nullable String model,
            List<String> subgroups,
            int smallestCell,
            Against against,
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
     */
    public record Outcome(
            String runId,
            Request request,
            Map<String, String> names,
            List<GroupEvaluation> groups,
            @Nullable Agreement readers) {
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
            groups.stream()
                    .filter(found -> found.note() != null)
                    .map(found -> "note: " + found.group().stratum() + ": " + found.note() + "\n")
                    .distinct()
                    .forEach(text::append);
            return text.toString();
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
        GradedImages images = new GradedImages(
                run.warehouse(),
                request.cohort(),
                request.split(),
                request.part() == null ? null : request.part().word());
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
        Outcome outcome = new Outcome(run.id(), request, names, groups, readers);
        run.next("patella report");
        run.summary(outcome.text());
        return outcome;
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
