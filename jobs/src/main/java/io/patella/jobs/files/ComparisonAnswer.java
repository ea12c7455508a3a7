package io.patella.jobs.files;

import io.patella.cohort.Grade;
import io.patella.statistics.Interval;
import io.patella.statistics.comparison.Comparison;
import io.patella.statistics.comparison.DeLong;
import io.patella.statistics.comparison.Difference;
import io.patella.statistics.comparison.Holm;
import io.patella.statistics.comparison.McNemar;
import io.patella.statistics.comparison.NonInferiority;
import io.patella.statistics.evaluation.FigureName;
import io.patella.statistics.metrics.Metric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How comparisons of graders are told. With more than one comparison the p-values of each test carry Holm's correction. */
public final class ComparisonAnswer {
    /** Titles of the further figures of all grades, in the order of the text. */
    private static final Map<String, String> TITLES = titles();

    private static final List<String> OF_GRADES = List.of("precision", "recall", "f1", "roc_auc", "average_precision");

    private final List<Pair> pairs;
    private final List<@Nullable Double> mcNemarHolm;
    private final List<@Nullable Double> deLongHolm;

    /**
     * One comparison with its names.
     *
     * @param a first grader
     * @param b second grader
     * @param comparison a minus b
     */
    public record Pair(String a, String b, Comparison comparison) {}

    /** Of at least one pair. */
    public ComparisonAnswer(List<Pair> pairs) {
        this.pairs = List.copyOf(pairs);
        List<@Nullable Double> mcNemar = new ArrayList<>();
        List<@Nullable Double> deLong = new ArrayList<>();
        for (Pair pair : pairs) {
            mcNemar.add(pair.comparison().mcNemar().p());
            deLong.add(pair.comparison().deLong().p().value());
        }
        mcNemarHolm = corrected(mcNemar);
        deLongHolm = corrected(deLong);
    }

    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("adjacent_accuracy", "adjacent accuracy");
        titles.put("adjacent_error_share", "errors that are adjacent");
        titles.put("roc_auc_macro", "ROC AUC, macro");
        titles.put("roc_auc_micro", "ROC AUC, micro");
        titles.put("average_precision_macro", "average precision, macro");
        titles.put("average_precision_micro", "average precision, micro");
        titles.put("kl_ge_2_roc_auc", "ROC AUC, KL >= 2");
        titles.put("kl_ge_2_average_precision", "average precision, KL >= 2");
        titles.put("brier", "Brier score");
        titles.put("ece_15", "calibration error (15 bins)");
        titles.put("log_loss", "log loss");
        titles.put("rps", "RPS");
        return titles;
    }

    /** The JSON object: of one pair {@code compare}'s keys, of more {@code comparisons}, each with those keys and its names. */
    public Map<String, @Nullable Object> json() {
        if (pairs.size() == 1) {
            return json(pairs.get(0).comparison(), null, null);
        }
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("a", pairs.get(i).a());
            json.put("b", pairs.get(i).b());
            json.putAll(json(pairs.get(i).comparison(), mcNemarHolm.get(i), deLongHolm.get(i)));
            all.add(json);
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("comparisons", all);
        json.put("correction", "holm");
        json.put("notes", List.of("p_holm corrects each test over its " + pairs.size() + " comparisons"));
        return json;
    }

    /** Holm over the defined ones; undefined stay undefined and do not count. */
    private static List<@Nullable Double> corrected(List<@Nullable Double> raw) {
        List<Double> defined = new ArrayList<>();
        for (Double p : raw) {
            if (p != null) {
                defined.add(p);
            }
        }
        List<Double> adjusted = Holm.adjusted(defined);
        List<@Nullable Double> corrected = new ArrayList<>(Collections.nCopies(raw.size(), null));
        int next = 0;
        for (int i = 0; i < raw.size(); i++) {
            if (raw.get(i) != null) {
                corrected.set(i, adjusted.get(next++));
            }
        }
        return corrected;
    }

    private static Map<String, @Nullable Object> json(
            Comparison comparison, @Nullable Double mcNemarHolm, @Nullable Double deLongHolm) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        Map<String, Object> difference = new LinkedHashMap<>();
        for (Difference each : comparison.differences()) {
            difference.put(each.name().metric(), EvaluationAnswer.interval(each.interval()));
        }
        json.put("difference", difference);
        Map<String, @Nullable Object> mcNemar = new LinkedHashMap<>();
        mcNemar.put("b", comparison.mcNemar().onlyFirstRight());
        mcNemar.put("c", comparison.mcNemar().onlySecondRight());
        mcNemar.put("p", comparison.mcNemar().p());
        if (mcNemarHolm != null) {
            mcNemar.put("p_holm", mcNemarHolm);
        }
        json.put("mcnemar", mcNemar);
        Map<String, @Nullable Object> deLong = new LinkedHashMap<>();
        DeLong test = comparison.deLong();
        deLong.put("auc_a", test.firstAuc().value());
        deLong.put("auc_b", test.secondAuc().value());
        deLong.put("z", test.z().value());
        deLong.put("p", test.p().value());
        if (deLongHolm != null) {
            deLong.put("p_holm", deLongHolm);
        }
        json.put("delong", deLong);
        Map<String, Object> nonInferiority = new LinkedHashMap<>();
        for (Difference each : comparison.differences()) {
            NonInferiority verdict = each.nonInferiority();
            if (verdict != null) {
                nonInferiority.put("margin", verdict.margin());
                nonInferiority.put(each.name().metric(), word(verdict));
            }
        }
        if (!nonInferiority.isEmpty()) {
            json.put("non_inferiority", nonInferiority);
        }
        json.put("further_difference", further(comparison));
        json.put("notes", comparison.notes());
        return json;
    }

    /** Every figure but the four metrics, of grades under per_class. */
    private static Map<String, Object> further(Comparison comparison) {
        Map<FigureName, Map<String, @Nullable Object>> figures = new LinkedHashMap<>();
        for (Difference each : comparison.further()) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>(EvaluationAnswer.interval(each.interval()));
            json.put("lower_error", each.interval().lowerError().value());
            json.put("upper_error", each.interval().upperError().value());
            NonInferiority verdict = each.nonInferiority();
            if (verdict != null) {
                json.put("non_inferiority", word(verdict));
            }
            figures.put(each.name(), json);
        }
        return EvaluationAnswer.byName(figures);
    }

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pairs.size(); i++) {
            text(pairs.get(i), mcNemarHolm.get(i), deLongHolm.get(i), text);
        }
        if (pairs.size() > 1) {
            text.append("Holm's correction is over the " + pairs.size() + " comparisons, for each test by itself\n");
        }
        return text.toString();
    }

    private void text(Pair pair, @Nullable Double mcNemarHolm, @Nullable Double deLongHolm, StringBuilder text) {
        Comparison comparison = pair.comparison();
        text.append("a = " + pair.a() + "\nb = " + pair.b() + "\n" + comparison.images() + " images of "
                + comparison.patients() + " patients\n\n");
        TextTable table = new TextTable("a minus b", "difference", "95 % interval", "verdict");
        Iterator<Difference> four = comparison.differences().iterator(); // in the order of the metrics
        for (Metric metric : Metric.values()) {
            row(table, metric.title(), four.next());
        }
        Map<FigureName, Difference> further = new LinkedHashMap<>();
        comparison.further().forEach(each -> further.put(each.name(), each));
        TITLES.forEach((metric, title) -> {
            Difference difference = further.get(FigureName.of(metric));
            if (difference != null) {
                row(table, title, difference);
            }
        });
        text.append(table.text()).append('\n').append(perGrade(further).text());
        McNemar mcNemar = comparison.mcNemar();
        text.append("\nMcNemar: only a right " + mcNemar.onlyFirstRight() + ", only b right "
                + mcNemar.onlySecondRight() + ", exact p = " + mcNemar.p() + holm(mcNemarHolm) + "\n");
        DeLong test = comparison.deLong();
        text.append("DeLong, KL >= 2: AUC " + EvaluationAnswer.number(test.firstAuc()) + " and "
                + EvaluationAnswer.number(test.secondAuc()) + ", z = " + EvaluationAnswer.number(test.z())
                + ", p = " + EvaluationAnswer.number(test.p()) + holm(deLongHolm) + "\n");
        comparison.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        text.append('\n');
    }

    private static void row(TextTable table, String title, Difference difference) {
        Interval interval = difference.interval();
        NonInferiority verdict = difference.nonInferiority();
        table.row(
                title,
                EvaluationAnswer.number(interval.estimate()),
                EvaluationAnswer.bounds(interval),
                verdict == null ? "" : word(verdict));
    }

    /** One row per grade, a column for each of {@link #OF_GRADES} that there is. */
    private static TextTable perGrade(Map<FigureName, Difference> further) {
        List<String> metrics = OF_GRADES.stream()
                .filter(metric -> further.containsKey(new FigureName(metric, 0)))
                .toList();
        List<String> header = new ArrayList<>(List.of("a minus b, grade"));
        metrics.forEach(metric -> header.add(metric.replace('_', ' ')));
        TextTable table = new TextTable(header.toArray(String[]::new));
        for (int k = 0; k < Grade.COUNT; k++) {
            List<Object> cells = new ArrayList<>(List.of(k));
            for (String metric : metrics) {
                Difference difference = further.get(new FigureName(metric, k));
                cells.add(difference == null ? "-" : EvaluationAnswer.text(difference.interval()));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    private String holm(@Nullable Double corrected) {
        return pairs.size() < 2 || corrected == null ? "" : ", after Holm " + corrected;
    }

    private static String word(NonInferiority verdict) {
        return verdict.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
