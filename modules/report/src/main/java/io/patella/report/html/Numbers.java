package io.patella.report.html;

import io.patella.report.facts.Estimate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as the page prints them, the same everywhere: three decimals, intervals in brackets, "–" for undefined. */
public final class Numbers {
    /** Stands for a figure that the data do not define. */
    public static final String UNDEFINED = "–";

    private Numbers() {}

    /** Three decimals, e.g. {@code 0.881}, {@code −0.012}. */
    public static String decimal(@Nullable Double figure) {
        if (figure == null) {
            return UNDEFINED;
        }
        String text = String.format(Locale.ROOT, "%.3f", figure);
        return text.equals("-0.000") ? "0.000" : text.replace('-', '−');
    }

    /** The interval alone, e.g. {@code [0.866, 0.894]}; empty when there is none. */
    public static String interval(Estimate estimate) {
        return estimate.hasInterval() ? "[" + decimal(estimate.lower()) + ", " + decimal(estimate.upper()) + "]" : "";
    }

    /** Estimate and interval, e.g. {@code 0.881 [0.866, 0.894]}. */
    public static String estimate(Estimate estimate) {
        String interval = interval(estimate);
        return interval.isEmpty() ? decimal(estimate.value()) : decimal(estimate.value()) + " " + interval;
    }

    /** A count with thousands apart, e.g. {@code 8,260}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A share in per cent with one decimal, e.g. {@code 39.4 %}; "–" of nothing. */
    public static String share(long part, long whole) {
        return whole == 0 ? UNDEFINED : String.format(Locale.ROOT, "%.1f\u202f%%", 100.0 * part / whole);
    }

    /** A p-value, e.g. {@code 0.012}, {@code < 0.001}. */
    public static String pValue(@Nullable Double p) {
        return p != null && p < 0.001 ? "< 0.001" : decimal(p);
    }

    /** A probability threshold with two decimals. */
    public static String threshold(double threshold) {
        return String.format(Locale.ROOT, "%.2f", threshold);
    }

    /** Full precision for CSV; empty when undefined. */
    public static String exact(@Nullable Double figure) {
        return figure == null ? "" : figure.toString();
    }
}
