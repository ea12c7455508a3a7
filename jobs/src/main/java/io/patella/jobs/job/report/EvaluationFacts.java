package io.patella.jobs.job.report;

import io.patella.cohort.Grade;
import io.patella.report.facts.Calibration;
import io.patella.report.facts.Curve;
import io.patella.report.facts.Estimate;
import io.patella.report.facts.Metric;
import io.patella.report.facts.OperatingPoint;
import io.patella.report.facts.Performance;
import io.patella.report.facts.Subgroups;
import io.patella.report.facts.Tabulation;
import io.patella.report.facts.Value;
import io.patella.statistics.Figure;
import io.patella.statistics.calibration.CalibrationScores;
import io.patella.statistics.curves.Averaged;
import io.patella.statistics.curves.CurvePoint;
import io.patella.statistics.curves.Discrimination;
import io.patella.statistics.evaluation.Subgroup;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.GradeScores;
import io.patella.statistics.metrics.Predictions;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One evaluated group as the page shows it. Figures and intervals are those of {@code evaluations}; what needs no resampling
 * (confusion, curves, calibration, operating points) is computed from the grades. Where grades came or went since the
 * evaluation, the page says so.
 */
final class EvaluationFacts {
    /** Strata of this column are the grades themselves: they make the per-class table. */
    private static final String GRADE = "grade";

    /** Strata of this column hold the model against one reader instead of the reference grade. */
    private static final String READER = "reader";

    /** These stand in the section on calibration. */
    private static final Set<String> CALIBRATION = Set.of("ece_15", "brier", "rps", "log_loss");

    /** QWK of table and grades may differ by rounding in the last digits. */
    private static final double SAME = 1e-9;

    private final EvaluationGroup group;
    private final String model;
    private final @Nullable GradedPart graded;

    /**
     * @param group what was evaluated
     * @param model the model's printed name
     * @param graded the grades themselves; null when they are gone
     */
    EvaluationFacts(EvaluationGroup group, String model, @Nullable GradedPart graded) {
        this.group = group;
        this.model = model;
        this.graded = graded;
    }

    Performance performance() {
        List<EvaluationRow> overall = stratum(EvaluationRow.ALL);
        EvaluationRow first = overall.stream()
                .filter(row -> row.resamples() != null)
                .findFirst()
                .orElse(group.rows().get(0));
        List<Metric> metrics = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (EvaluationRow row : overall) {
            if (graded == null || !CALIBRATION.contains(row.metric())) {
                metrics.add(new Metric(row.metric(), estimate(row)));
            }
            if (row.note() != null) {
                notes.add(row.metric() + ": " + row.note());
            }
        }
        if (graded == null) {
            notes.add("The grades that were evaluated are not in the table any more: no confusion matrix, no curves.");
            return new Performance(
                    group.key().cohort(),
                    group.part(),
                    model,
                    first.images(),
                    first.patients(),
                    interval(first),
                    metrics,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    null,
                    List.of(),
                    notes);
        }
        Predictions predictions = graded.predictions();
        Confusion confusion = predictions.confusion();
        stale(overall, confusion).ifPresent(notes::add);
        if (!graded.scale().equals(GradeRow.FULL_SCALE)) {
            notes.add("Grades on the merged scale " + graded.scale()
                    + ", references merged likewise: accuracy and MAE do not compare with other models’.");
        }
        Discrimination discrimination = Discrimination.of(predictions);
        return new Performance(
                group.key().cohort(),
                group.part(),
                model,
                first.images(),
                first.patients(),
                interval(first),
                metrics,
                classes(confusion),
                Arrays.stream(confusion.rows())
                        .map(row -> Arrays.stream(row).asLongStream().boxed().toList())
                        .toList(),
                curves(discrimination, "roc", discrimination.rocAuc(), discrimination.klGe2RocAuc()),
                curves(
                        discrimination,
                        "precision_recall",
                        discrimination.averagePrecision(),
                        discrimination.klGe2AveragePrecision()),
                operatingPoints(discrimination, predictions),
                calibration(predictions),
                decision(discrimination),
                notes);
    }

    /** The whole cohort's figures beside the strata of every other column, one forest plot for QWK. */
    Optional<Subgroups> subgroups() {
        Map<String, EvaluationRow> strata = new LinkedHashMap<>();
        EvaluationRow overall = null;
        for (EvaluationRow row : group.rows()) {
            if (!row.metric().equals("qwk")) {
                continue;
            }
            int equals = row.stratum().indexOf('=');
            if (row.stratum().equals(EvaluationRow.ALL)) {
                overall = row;
            } else if (equals > 0
                    && !Set.of(GRADE, READER).contains(row.stratum().substring(0, equals))) {
                strata.put(row.stratum(), row);
            }
        }
        if (strata.isEmpty() || overall == null) {
            return Optional.empty();
        }
        List<Subgroups.Stratum> sorted = strata.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> {
                    int equals = each.getKey().indexOf('=');
                    EvaluationRow row = each.getValue();
                    return new Subgroups.Stratum(
                            each.getKey().substring(0, equals),
                            each.getKey().substring(equals + 1),
                            row.images(),
                            row.patients(),
                            estimate(row));
                })
                .toList();
        return Optional.of(new Subgroups(
                group.key().cohort(), group.part(), model, "qwk", estimate(overall), Subgroup.SMALLEST_CELL, sorted));
    }

    /** The model held against each reader by himself, and where readers agreed and disagreed. */
    Optional<Tabulation> againstReaders() {
        Map<String, Map<String, EvaluationRow>> readers = new TreeMap<>();
        for (EvaluationRow row : group.rows()) {
            if (row.stratum().startsWith(READER + "=")) {
                readers.computeIfAbsent(row.stratum().substring(READER.length() + 1), reader -> new TreeMap<>())
                        .put(row.metric(), row);
            }
        }
        List<List<Value>> rows = new ArrayList<>();
        readers.forEach((reader, metrics) -> {
            EvaluationRow qwk = metrics.get("qwk");
            EvaluationRow accuracy = metrics.get("accuracy");
            if (qwk != null && accuracy != null) {
                rows.add(List.of(Value.words(reader), Value.count(qwk.images()), estimate(qwk), estimate(accuracy)));
            }
        });
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Tabulation(
                        "Hard grades",
                        "Against each reader, " + model + ", " + group.key().cohort() + " " + group.part(),
                        "The model held against one reader’s grades instead of the reference, on all radiographs of the part"
                                + " that he read, and on those where readers agreed and disagreed.",
                        List.of("Reader", "Radiographs", "QWK", "Accuracy"),
                        rows,
                        List.of()));
    }

    private List<EvaluationRow> stratum(String stratum) {
        return group.rows().stream()
                .filter(row -> row.stratum().equals(stratum))
                .toList();
    }

    private static Optional<String> stale(List<EvaluationRow> overall, Confusion confusion) {
        Figure now = confusion.figure(io.patella.statistics.metrics.Metric.QWK);
        return overall.stream()
                .filter(row -> row.metric().equals("qwk"))
                .filter(row -> row.images() != confusion.images() || !same(row.estimate(), now.value()))
                .findFirst()
                .map(row -> "Grades or reference grades have changed since this evaluation of "
                        + row.images() + " radiographs: " + confusion.images()
                        + " are there now. Curves, confusion and calibration show today’s; run patella evaluate for new"
                        + " intervals.");
    }

    private static boolean same(@Nullable Double then, @Nullable Double now) {
        if (then == null || now == null) {
            return Objects.equals(then, now);
        }
        return Math.abs(then - now) <= SAME;
    }

    private static String interval(EvaluationRow row) {
        if (row.resamples() == null) {
            return "no resampling";
        }
        return "patient-level bootstrap (B = " + row.resamples() + (row.seed() == null ? "" : ", seed " + row.seed())
                + ")";
    }

    private List<Performance.ClassRow> classes(Confusion confusion) {
        List<Performance.ClassRow> classes = new ArrayList<>();
        for (GradeScores scores : confusion.perGrade()) {
            List<EvaluationRow> rows = stratum(GRADE + "=" + scores.grade());
            classes.add(new Performance.ClassRow(
                    scores.grade(),
                    figure(rows, "precision", scores.precision()),
                    figure(rows, "recall", scores.recall()),
                    figure(rows, "f1", scores.f1()),
                    scores.support()));
        }
        return classes;
    }

    private static Estimate figure(List<EvaluationRow> rows, String metric, double computed) {
        return rows.stream()
                .filter(row -> row.metric().equals(metric))
                .findFirst()
                .map(EvaluationFacts::estimate)
                .orElse(Estimate.of(computed));
    }

    private static List<Curve> curves(Discrimination discrimination, String kind, Averaged areas, Figure klGe2) {
        List<Curve> curves = new ArrayList<>();
        for (io.patella.statistics.curves.Curve each : discrimination.curves()) {
            if (!each.kind().word().equals(kind)) {
                continue;
            }
            String subject = each.subject();
            switch (subject) {
                case "macro" -> curves.add(curve("macro", each, areas.macro()));
                case "micro" -> curves.add(curve("micro", each, areas.micro()));
                case "kl_ge_2" -> curves.add(curve("KL>=2", each, klGe2));
                default ->
                    curves.add(curve("KL " + subject, each, areas.perGrade().get(Integer.parseInt(subject))));
            }
        }
        return curves;
    }

    private static Curve curve(String name, io.patella.statistics.curves.Curve curve, Figure area) {
        return new Curve(name, points(curve.points()), area.value());
    }

    private static List<Curve.Point> points(List<CurvePoint> points) {
        return points.stream()
                .filter(point -> Double.isFinite(point.x()) && Double.isFinite(point.y()))
                .map(point -> new Curve.Point(point.x(), point.y()))
                .toList();
    }

    private static List<OperatingPoint> operatingPoints(Discrimination discrimination, Predictions predictions) {
        List<OperatingPoint> points = new ArrayList<>();
        for (io.patella.statistics.curves.OperatingPoint each : discrimination.operatingPoints()) {
            points.add(new OperatingPoint(
                    rule(each.name()),
                    each.threshold(),
                    Estimate.of(each.sensitivity()),
                    Estimate.of(each.specificity()),
                    Estimate.of(each.precision()),
                    negativePredictiveValue(predictions, each.threshold())));
        }
        return points;
    }

    private static String rule(String name) {
        return name.equals("youden") ? "Youden" : name.replace("sensitivity_", "sensitivity ≥ ");
    }

    private static Estimate negativePredictiveValue(Predictions predictions, double threshold) {
        double[] scores = predictions.klGe2();
        int[] grades = predictions.grades();
        int below = 0;
        int right = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < threshold) {
                below++;
                right += grades[i] < Grade.OSTEOARTHRITIS ? 1 : 0;
            }
        }
        return below == 0 ? Estimate.undefined() : Estimate.of((double) right / below);
    }

    private static @Nullable Calibration calibration(Predictions predictions) {
        if (!predictions.hasKlGe2()) {
            return null;
        }
        CalibrationScores scores = CalibrationScores.of(predictions);
        List<Calibration.Bin> bins = bins(predictions);
        List<Metric> metrics = new ArrayList<>();
        metrics.add(new Metric("ece_15", estimate(scores.expectedCalibrationError())));
        metrics.add(new Metric("brier", estimate(scores.brier())));
        metrics.add(new Metric("rps", estimate(scores.rps())));
        metrics.add(new Metric("log_loss", estimate(scores.logLoss())));
        metrics.add(new Metric("brier_kl_ge_2", estimate(scores.klGe2Brier())));
        return new Calibration("p(KL ≥ 2)", bins, metrics);
    }

    /** Ten bins of equal width, the observed share with Wilson's 95 % interval. */
    private static List<Calibration.Bin> bins(Predictions predictions) {
        double[] p = predictions.klGe2();
        int[] grades = predictions.grades();
        int count = 10;
        long[] images = new long[count];
        long[] positive = new long[count];
        double[] sum = new double[count];
        for (int i = 0; i < p.length; i++) {
            int bin = Math.min(count - 1, (int) (p[i] * count));
            images[bin]++;
            sum[bin] += p[i];
            positive[bin] += grades[i] >= Grade.OSTEOARTHRITIS ? 1 : 0;
        }
        List<Calibration.Bin> bins = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            if (images[b] > 0) {
                bins.add(new Calibration.Bin(sum[b] / images[b], wilson(positive[b], images[b]), images[b]));
            }
        }
        return bins;
    }

    /** Wilson's score interval of a share (Wilson 1927). */
    static Estimate wilson(long positive, long images) {
        double z = 1.959963984540054;
        double n = images;
        double share = positive / n;
        double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
        double half = z / (1 + z * z / n) * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        return new Estimate(share, Math.max(0, middle - half), Math.min(1, middle + half));
    }

    private List<Curve> decision(Discrimination discrimination) {
        List<Curve> curves = new ArrayList<>();
        for (io.patella.statistics.curves.Curve each : discrimination.curves()) {
            if (each.kind() == io.patella.statistics.curves.Curve.Kind.DECISION) {
                String name = each.subject().equals("treat_all") ? "treat all" : model;
                curves.add(new Curve(name, points(each.points()), null));
            }
        }
        if (!curves.isEmpty()) {
            curves.add(new Curve("treat none", List.of(new Curve.Point(0, 0), new Curve.Point(1, 0)), null));
        }
        return curves;
    }

    static Estimate estimate(EvaluationRow row) {
        return new Estimate(row.estimate(), row.lower(), row.upper());
    }

    static Estimate estimate(Figure figure) {
        return new Estimate(figure.value(), null, null);
    }

    /** "sha256:4f0d12…" as far as a person reads it. */
    static String shortHash(String hash) {
        String digits = hash.replaceFirst("^sha256:", "");
        return digits.substring(0, Math.min(8, digits.length())).toLowerCase(Locale.ROOT);
    }
}
