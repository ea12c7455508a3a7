package io.patella.statistics.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Checks the printed figures of one grader on one set of pictures. */
final class ResultChecks {
    private static final int MOST_MATRICES = 3_000_000;

    private final PaperClaims.Result result;
    private final List<Finding> findings = new ArrayList<>();

    /** What is printed per class, or null. */
    private final @Nullable List<Integer> support;

    private final @Nullable Integer n;

    ResultChecks(PaperClaims.Result result) {
        this.result = result;
        this.support = result.support();
        this.n = result.images() != null ? result.images() : support == null ? null : sum(support);
    }

    List<Finding> findings() {
        f1PerClass();
        macroF1();
        if (support != null && n != null) {
            add(
                    "support against the number of images",
                    sum(support) == n,
                    support.stream().map(String::valueOf).collect(Collectors.joining(" + ")) + " = " + sum(support)
                            + "; images: " + n);
            recalls(support, n);
        }
        if (n != null) {
            accuracyAndError(n);
            accuracyInterval(n);
        }
        if (result.accuracy() != null && result.adjacentAccuracy() != null) {
            add(
                    "adjacent accuracy against accuracy",
                    result.adjacentAccuracy() >= result.accuracy(),
                    "adjacent accuracy " + result.adjacentAccuracy() + " includes accuracy " + result.accuracy());
        }
        insideInterval("accuracy", result.accuracy(), interval(0));
        insideInterval("macro-F1", result.macroF1(), interval(1));
        insideInterval("QWK", result.qwk(), interval(2));
        insideInterval("MAE", result.mae(), interval(3));
        return findings;
    }

    private @Nullable List<Double> interval(int which) {
        PaperClaims.Intervals all = result.intervals();
        if (all == null) {
            return null;
        }
        return which == 0 ? all.accuracy() : which == 1 ? all.macroF1() : which == 2 ? all.qwk() : all.mae();
    }

    private void add(String check, boolean consistent, String arithmetic) {
        add(check, consistent ? Verdict.CONSISTENT : Verdict.CONTRADICTS, arithmetic);
    }

    private void add(String check, Verdict verdict, String arithmetic) {
        findings.add(new Finding(result.name(), check, verdict, arithmetic));
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }

    private static String number(double value) {
        return Printed.number(value);
    }

    private String digits(double value) {
        return String.format(Locale.ROOT, "%." + result.digits() + "f", value);
    }

    private void f1PerClass() {
        List<Double> precision = result.precision();
        List<Double> recall = result.recall();
        List<Double> f1 = result.f1();
        if (precision == null || recall == null || f1 == null) {
            return;
        }
        for (int g = 0; g < f1.size(); g++) {
            Printed p = result.printed(precision.get(g));
            Printed r = result.printed(recall.get(g));
            Printed possible = new Printed(harmonic(p.lower(), r.lower()), harmonic(p.upper(), r.upper()));
            add(
                    "F1 of class " + g + " against its precision and recall",
                    possible.meets(result.printed(f1.get(g))),
                    "2 x " + digits(precision.get(g)) + " x " + digits(recall.get(g)) + " / ("
                            + digits(precision.get(g))
                            + " + " + digits(recall.get(g)) + ") = " + number(harmonic(precision.get(g), recall.get(g)))
                            + ", with rounding " + possible + "; printed: " + digits(f1.get(g)));
        }
    }

    private static double harmonic(double p, double r) {
        double a = Math.max(0, p);
        double b = Math.max(0, r);
        return a + b == 0 ? 0 : 2 * a * b / (a + b);
    }

    private void macroF1() {
        List<Double> f1 = result.f1();
        Double macro = result.macroF1();
        if (f1 == null || macro == null) {
            return;
        }
        double mean = f1.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
        add(
                "macro-F1 against the F1 column",
                result.printed(mean).meets(result.printed(macro)),
                "the mean of " + f1.stream().map(this::digits).collect(Collectors.joining(", ")) + " is " + number(mean)
                        + "; printed: " + digits(macro));
    }

    /** Recalls and supports give true positives, precisions then give predictions; all are whole numbers. */
    private void recalls(List<Integer> support, int n) {
        List<Double> recall = result.recall();
        if (recall == null || recall.size() != support.size()) {
            return;
        }
        int classes = support.size();
        List<int[]> right = new ArrayList<>();
        List<String> terms = new ArrayList<>();
        boolean whole = true;
        for (int g = 0; g < classes; g++) {
            int s = support.get(g);
            double r = recall.get(g);
            int[] possible = wholes(result.printed(r).times(s), 0, s);
            right.add(possible);
            if (possible.length == 0) {
                whole = false;
                add(
                        "recall of class " + g + " against its support",
                        Verdict.CONTRADICTS,
                        "no whole number of right images out of " + s + " rounds to " + digits(r) + ": "
                                + neighbours(r * s, s, Of.SUPPORT));
            }
            terms.add(digits(r) + " x " + s + " = "
                    + (possible.length == 1 ? String.valueOf(possible[0]) : number(r * s)));
        }
        Printed correct = null;
        if (whole) {
            add("recalls against supports", Verdict.CONSISTENT, "right images per class: " + String.join(", ", terms));
            correct = new Printed(
                    right.stream().mapToInt(each -> each[0]).sum(),
                    right.stream().mapToInt(each -> each[each.length - 1]).sum());
            Double accuracy = result.accuracy();
            if (accuracy != null) {
                Printed counted = result.printed(accuracy).times(n);
                boolean meets = Math.max(counted.first(), correct.first()) <= Math.min(counted.last(), correct.last());
                add(
                        "accuracy against recalls and supports",
                        meets,
                        "right images per class " + String.join(", ", terms) + " are together " + correct + " of " + n
                                + ", an accuracy of " + new Printed(correct.lower() / n, correct.upper() / n)
                                + "; printed: " + digits(accuracy) + ", which is "
                                + (counted.first() == counted.last() ? counted.first() + "" : counted.toString())
                                + " right");
            }
            errors("the recalls", n - correct.last(), n - correct.first(), n);
        }
        precisions(right, n);
    }

    private void precisions(List<int[]> right, int n) {
        List<Double> precision = result.precision();
        if (precision == null
                || precision.size() != right.size()
                || right.stream().anyMatch(each -> each.length == 0)) {
            return;
        }
        List<List<int[]>> choices = new ArrayList<>();
        double lower = 0;
        double upper = 0;
        double central = 0;
        boolean bounded = true;
        List<String> terms = new ArrayList<>();
        for (int g = 0; g < right.size(); g++) {
            Printed p = result.printed(precision.get(g));
            List<int[]> options = new ArrayList<>();
            for (int tp : right.get(g)) {
                int from = tp == 0 ? 0 : Math.max(tp, (int) Math.floor(tp / p.upper()));
                int to = tp == 0 ? n : p.lower() <= 0 ? n : Math.min(n, (int) Math.ceil(tp / p.lower()));
                for (int predicted = from; predicted <= to; predicted++) {
                    double share = predicted == 0 ? 0 : tp / (double) predicted;
                    if (p.contains(share)) {
                        options.add(new int[] {tp, predicted});
                    }
                }
            }
            choices.add(options);
            int[] tps = right.get(g);
            double printed = precision.get(g);
            if (tps[0] == 0 || p.lower() <= 0) {
                bounded = false;
            } else {
                lower += tps[0] / p.upper();
                upper += tps[tps.length - 1] / p.lower();
                central += tps[0] / printed;
                terms.add(tps[0] + " / " + digits(printed) + " = "
                        + String.format(Locale.ROOT, "%.1f", tps[0] / printed));
            }
            if (options.isEmpty()) {
                add(
                        "precision of class " + g + " against its right images",
                        Verdict.CONTRADICTS,
                        "no whole number of predictions with " + tps[0] + " right ones has a precision of "
                                + digits(printed) + ": " + neighbours(tps[0] / printed, tps[0], Of.RIGHT));
            }
        }
        if (bounded) {
            boolean possible = new Printed(lower, upper).contains(n);
            add(
                    "precisions against the number of images",
                    possible,
                    "predictions per class " + String.join(", ", terms) + " are together "
                            + String.format(Locale.ROOT, "%.1f", central) + " (with rounding "
                            + String.format(Locale.ROOT, "%.1f to %.1f", lower, upper) + "); there are " + n
                            + " images");
        }
        matrix(choices, n);
    }

    private enum Of {
        SUPPORT,
        RIGHT
    }

    private static String neighbours(double at, int fixed, Of of) {
        List<String> near = new ArrayList<>();
        for (int k : new int[] {(int) Math.floor(at), (int) Math.floor(at) + 1}) {
            int above = of == Of.SUPPORT ? k : fixed;
            int below = of == Of.SUPPORT ? fixed : k;
            near.add(above + "/" + below + " = " + number(above / (double) below));
        }
        return String.join(", ", near);
    }

    /** Looks for an integer confusion matrix with these margins: rows = support, columns = predictions, given diagonals. */
    private void matrix(List<List<int[]>> choices, int n) {
        String check = "all per-class figures against any integer confusion matrix";
        double combinations = 1;
        for (List<int[]> each : choices) {
            combinations *= each.size();
        }
        List<Integer> rows = support;
        if (rows == null) {
            return;
        }
        if (combinations > MOST_MATRICES) {
            add(check, Verdict.CANNOT_BE_TOLD, "rounding leaves more than " + MOST_MATRICES + " margins to try");
            return;
        }
        int[][] found = search(choices, rows, n, 0, new int[choices.size()][]);
        if (combinations == 0) {
            add(
                    check,
                    Verdict.CONTRADICTS,
                    "a class has no whole number of predictions (see its precision), so there is none");
        } else if (found == null) {
            add(
                    check,
                    Verdict.CONTRADICTS,
                    "of " + (long) combinations
                            + " sets of margins that rounding allows, none has predictions that sum to " + n
                            + (result.accuracy() == null ? "" : " and the printed accuracy"));
        } else {
            add(
                    check,
                    Verdict.CONSISTENT,
                    "for example right images "
                            + Arrays.stream(found).map(each -> each[0]).toList() + " and predictions "
                            + Arrays.stream(found).map(each -> each[1]).toList() + " of supports " + rows);
        }
    }

    private int @Nullable [][] search(List<List<int[]>> choices, List<Integer> rows, int left, int g, int[][] chosen) {
        if (g == choices.size()) {
            return left == 0 && fillable(rows, chosen) ? chosen.clone() : null;
        }
        for (int[] option : choices.get(g)) {
            if (option[1] <= left) {
                chosen[g] = option;
                int[][] found = search(choices, rows, left - option[1], g + 1, chosen);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Whether errors can be spread off the diagonal: no class may have more of them, as row and column, than there are. */
    private boolean fillable(List<Integer> rows, int[][] chosen) {
        int right = Arrays.stream(chosen).mapToInt(each -> each[0]).sum();
        int all = sum(rows);
        for (int g = 0; g < chosen.length; g++) {
            if (rows.get(g) - chosen[g][0] + chosen[g][1] - chosen[g][0] > all - right) {
                return false;
            }
        }
        return result.accuracy() == null || result.printed(result.accuracy()).contains(right / (double) all);
    }

    private static int[] wholes(Printed range, int least, int most) {
        int from = Math.max(least, range.first());
        int to = Math.min(most, range.last());
        return from > to ? new int[0] : IntStream.rangeClosed(from, to).toArray();
    }

    private void accuracyAndError(int n) {
        Double accuracy = result.accuracy();
        if (accuracy == null) {
            return;
        }
        int[] right = wholes(result.printed(accuracy).times(n), 0, n);
        if (right.length == 0) {
            add(
                    "accuracy against the number of images",
                    Verdict.CONTRADICTS,
                    "no whole number of right images out of " + n + " rounds to " + digits(accuracy) + ": "
                            + neighbours(accuracy * n, n, Of.SUPPORT));
            return;
        }
        int fewest = n - right[right.length - 1];
        int most = n - right[0];
        errors("the printed accuracy", fewest, most, n);
        Double mae = result.mae();
        if (mae == null || most == 0) {
            return;
        }
        Printed distance = result.printed(mae).times(n);
        int[] sums = wholes(distance, 0, 4 * n);
        if (sums.length == 0) {
            add(
                    "MAE against the number of images",
                    Verdict.CONTRADICTS,
                    "no whole sum of grade distances over " + n + " images gives " + digits(mae));
            return;
        }
        double farthest = sums[sums.length - 1] / (double) Math.max(1, fewest);
        add(
                "MAE against accuracy",
                farthest >= 1,
                "accuracy " + digits(accuracy) + " leaves " + range(fewest, most) + " errors, MAE " + digits(mae)
                        + " is a sum of distances of " + range(sums[0], sums[sums.length - 1]) + ": "
                        + number(sums[0] / (double) most) + " grades per error"
                        + (farthest < 1 ? "; an error is at least one grade" : ""));
        qwk(n, most, sums[0], fewest, sums[sums.length - 1]);
    }

    private static String range(int from, int to) {
        return from == to ? String.valueOf(from) : from + " to " + to;
    }

    /** The share of adjacent errors and the number of errors bound the MAE. */
    private void errors(String source, int fewest, int most, int n) {
        Double share = result.adjacentErrorShare();
        Double mae = result.mae();
        if (share == null || mae == null) {
            return;
        }
        Integer printedDigits = result.adjacentErrorShareDecimals();
        Printed adjacent = Printed.of(share, printedDigits == null ? 2 : printedDigits);
        int fewestFar =
                Math.max(0, new Printed(1 - adjacent.upper(), 1).times(fewest).first());
        int mostFar =
                Math.max(0, new Printed(0, 1 - adjacent.lower()).times(most).last());
        Printed possible =
                new Printed((fewest + fewestFar) / (double) n, (most + 3.0 * mostFar) / n); // far: 2 to 4 grades
        add(
                "MAE against the errors of " + source + " and the share of adjacent errors",
                possible.meets(result.printed(mae)),
                range(fewest, most) + " errors, of which " + range(fewestFar, mostFar)
                        + " are not adjacent (" + number(share)
                        + " are): adjacent errors count 1, others 2 to 4, so MAE is "
                        + possible + "; printed: " + digits(mae));
    }

    /**
     * QWK is 1 - mean squared distance / (variance of truth + variance of predictions + squared difference of means). The
     * number of errors and the sum of distances bound the former; the triangle inequality bounds the latter two.
     */
    private void qwk(int n, int mostErrors, int leastSum, int fewestErrors, int mostSum) {
        Double qwk = result.qwk();
        if (qwk == null || support == null || sum(support) != n || mostErrors == 0 || qwk >= 1) {
            return;
        }
        List<List<Integer>> scales = result.scales() == null
                ? List.of(IntStream.range(0, support.size()).boxed().toList())
                : result.scales();
        List<String> impossible = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        for (List<Integer> scale : scales) {
            if (scale.size() != support.size()) {
                continue;
            }
            int widest = scale.get(scale.size() - 1) - scale.get(0);
            int extraLeast = Math.max(0, leastSum - mostErrors);
            int extraMost = Math.max(0, mostSum - fewestErrors);
            double leastSquares = leastSquares(Math.min(mostErrors, leastSum), extraLeast);
            double mostSquares = mostSquares(mostErrors, extraMost, widest);
            double mean = 0;
            double square = 0;
            for (int g = 0; g < scale.size(); g++) {
                mean += scale.get(g) * (double) support.get(g) / n;
                square += scale.get(g) * (double) scale.get(g) * support.get(g) / n;
            }
            double variance = square - mean * mean;
            Printed printed = result.printed(qwk);
            Printed needed = new Printed(
                    leastSquares / n / (1 - printed.lower()), mostSquares / n / Math.max(1e-12, 1 - printed.upper()));
            double root = Math.sqrt(mostSquares / n);
            double near = Math.max(0, Math.sqrt(variance) - root);
            double far = Math.sqrt(variance) + root;
            Printed possible = new Printed(variance + near * near, variance + far * far);
            boolean fits = needed.meets(possible);
            if (!fits) {
                impossible.add(scale.toString());
            }
            sentences.add("on the scale " + scale + " the squared distances sum to " + number(leastSquares) + " to "
                    + number(mostSquares) + ", so QWK " + digits(qwk) + " needs a chance disagreement of " + needed
                    + "; the supports (variance " + number(variance) + ") allow " + possible
                    + (fits ? "" : ", which is impossible"));
        }
        if (!sentences.isEmpty()) {
            boolean all = impossible.size() == sentences.size();
            add(
                    "QWK against accuracy, MAE and supports",
                    all ? Verdict.CONTRADICTS : Verdict.CONSISTENT,
                    String.join("; ", sentences));
            if (!all && scales.size() > 1 && !impossible.isEmpty()) {
                add(
                        "which scale MAE and QWK are on",
                        Verdict.CANNOT_BE_TOLD,
                        "not " + String.join(", ", impossible)
                                + ", so distances count between the grades that the classes stand for: MAE does not compare"
                                + " with rows on another scale");
            }
        }
    }

    /** Extra distance spread thinly: each far error has distance 2 while errors last, then 3, then 4. */
    private static double leastSquares(int errors, int extra) {
        double squares = errors;
        int left = extra;
        for (int distance = 2; left > 0 && distance <= 4; distance++) {
            int moved = Math.min(left, errors);
            squares += moved * (double) (distance * distance - (distance - 1) * (distance - 1));
            left -= moved;
        }
        return squares;
    }

    /** Extra distance heaped: as many errors as possible at the widest distance. */
    private static double mostSquares(int errors, int extra, int widest) {
        int each = widest - 1;
        if (each <= 0) {
            return errors;
        }
        int full = extra / each;
        int rest = extra % each;
        return errors + full * (double) (widest * widest - 1) + ((1.0 + rest) * (1 + rest) - 1);
    }

    private void insideInterval(String what, @Nullable Double estimate, @Nullable List<Double> interval) {
        if (estimate == null || interval == null) {
            return;
        }
        double below = estimate - interval.get(0);
        double above = interval.get(1) - estimate;
        boolean inside = below >= 0 && above >= 0;
        double ratio = Math.max(below, above) / Math.max(1e-9, Math.min(below, above));
        String arithmetic = digits(estimate) + " - " + digits(interval.get(0)) + " = " + number(below) + " below, "
                + digits(interval.get(1)) + " - " + digits(estimate) + " = " + number(above) + " above";
        if (!inside) {
            add(what + " against its interval", Verdict.CONTRADICTS, arithmetic + ": the estimate lies outside");
        } else if (ratio > 2) {
            add(
                    what + " against its interval",
                    Verdict.CANNOT_BE_TOLD,
                    arithmetic + ": lopsided, one arm is " + number(ratio) + " times the other");
        } else {
            add(what + " against its interval", Verdict.CONSISTENT, arithmetic);
        }
    }

    /**
     * With one picture per patient a bootstrap by patient is one by picture, and its percentile interval for accuracy is the
     * binomial one within Monte-Carlo error (2000 resamples: standard deviation of a bound 0.06 standard errors).
     */
    private void accuracyInterval(int n) {
        Double accuracy = result.accuracy();
        List<Double> interval = interval(0);
        if (accuracy == null || interval == null) {
            return;
        }
        double error = Math.sqrt(accuracy * (1 - accuracy) / n);
        double half = 1.959964 * error;
        boolean single = result.oneImagePerPatient() != null && result.oneImagePerPatient();
        double room = 4 * 0.06 * error + 1.0 / n + Math.pow(10, -result.digits());
        double lower = Math.abs(interval.get(0) - (accuracy - half));
        double upper = Math.abs(interval.get(1) - (accuracy + half));
        boolean fits = lower <= room && upper <= room;
        String arithmetic = "sqrt(" + digits(accuracy) + " x " + digits(1 - accuracy) + " / " + n + ") x 1.96 = "
                + number(half) + ", so " + number(accuracy - half) + " to " + number(accuracy + half) + "; printed: "
                + digits(interval.get(0)) + " to " + digits(interval.get(1));
        add(
                "accuracy's interval against the binomial one",
                fits ? Verdict.CONSISTENT : single ? Verdict.CONTRADICTS : Verdict.CANNOT_BE_TOLD,
                arithmetic
                        + (fits
                                ? ""
                                : single
                                        ? "; with one image per patient resampling patients gives the binomial interval,"
                                                + " within " + number(room)
                                        : "; several images per patient may widen it"));
    }
}
