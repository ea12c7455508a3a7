package io.patella.jobs.files;

import io.patella.statistics.comparison.Comparison;
import io.patella.statistics.comparison.DeLong;
import io.patella.statistics.comparison.Difference;
import io.patella.statistics.comparison.Holm;
import io.patella.statistics.comparison.NonInferiority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How comparisons of graders are told. With more than two graders the p-values of each test carry Holm's correction. */
public final class ComparisonAnswer {
    private final List<Pair> pairs;

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
    }

    /** The JSON object: of one pair {@code compare}'s keys, of more {@code comparisons}, each with those keys and its names. */
    public Map<String, @Nullable Object> json() {
        if (pairs.size() == 1) {
            return json(pairs.get(0).comparison(), null, null);
        }
        List<@Nullable Double> mcNemar = corrected(pairs.stream()
                .map(pair -> (@Nullable Double) pair.comparison().mcNemar().p())
                .toList());
        List<@Nullable Double> raw = new ArrayList<>();
        pairs.forEach(pair -> raw.add(pair.comparison().deLong().p().value()));
        List<@Nullable Double> deLong = corrected(raw);
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("a", pairs.get(i).a());
            json.put("b", pairs.get(i).b());
            json.putAll(json(pairs.get(i).comparison(), mcNemar.get(i), deLong.get(i)));
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
            difference.put(each.metric().word(), EvaluationAnswer.interval(each.interval()));
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
                nonInferiority.put(each.metric().word(), word(verdict));
            }
        }
        if (!nonInferiority.isEmpty()) {
            json.put("non_inferiority", nonInferiority);
        }
        json.put("notes", comparison.notes());
        return json;
    }

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Pair pair : pairs) {
            Comparison comparison = pair.comparison();
            text.append("a = " + pair.a() + "\nb = " + pair.b() + "\n" + comparison.images() + " images of "
                    + comparison.patients() + " patients\n\n");
            TextTable table = new TextTable("a minus b", "difference", "95 % interval", "verdict");
            for (Difference each : comparison.differences()) {
                NonInferiority verdict = each.nonInferiority();
                table.row(
                        each.metric().title(),
                        EvaluationAnswer.number(each.interval().estimate()),
                        EvaluationAnswer.number(each.interval().lower()) + " to "
                                + EvaluationAnswer.number(each.interval().upper()),
                        verdict == null ? "" : word(verdict));
            }
            text.append(table.text());
            text.append("\nMcNemar: only a right " + comparison.mcNemar().onlyFirstRight() + ", only b right "
                    + comparison.mcNemar().onlySecondRight() + ", exact p = "
                    + comparison.mcNemar().p() + "\n");
            DeLong test = comparison.deLong();
            text.append("DeLong, KL >= 2: AUC " + EvaluationAnswer.number(test.firstAuc()) + " and "
                    + EvaluationAnswer.number(test.secondAuc()) + ", z = " + EvaluationAnswer.number(test.z())
                    + ", p = "
                    + EvaluationAnswer.number(test.p()) + "\n");
            comparison
                    .notes()
                    .forEach(note -> text.append("note: ").append(note).append('\n'));
            text.append('\n');
        }
        if (pairs.size() > 1) {
            text.append("p-values above are raw; --json gives them with Holm's correction too\n");
        }
        return text.toString();
    }

    private static String word(NonInferiority verdict) {
        return verdict.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
