package io.patella.report.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis.
 *
 * @param label its name
 * @param from value at its start
 * @param to value at its end, larger than {@code from}
 */
public record Axis(String label, double from, double to) {
    public Axis {
        if (!(from < to)) {
            throw new IllegalArgumentException(label + ": an axis from " + from + " to " + to);
        }
    }

    /** From 0 to 1. */
    public static Axis share(String label) {
        return new Axis(label, 0, 1);
    }

    /** Round bounds that hold both values; a single value gets room on both sides. */
    public static Axis around(String label, double least, double greatest) {
        double span = greatest - least;
        if (!(span > 0)) {
            span = Math.max(Math.abs(least), 1) * 0.1;
        }
        double step = step(span);
        double from = Math.floor(least / step + 1e-9) * step;
        double to = Math.ceil(greatest / step - 1e-9) * step;
        return new Axis(label, from, to > from ? to : from + step);
    }

    /** Where {@code value} lies, 0 at the start and 1 at the end; values beyond are put on the ends. */
    double at(double value) {
        return Math.min(1, Math.max(0, (value - from) / (to - from)));
    }

    /** Round values to be printed, four to eight of them. */
    List<Double> ticks() {
        double step = step(to - from);
        List<Double> ticks = new ArrayList<>();
        for (long k = (long) Math.ceil(from / step - 1e-9); k * step <= to + step * 1e-9; k++) {
            ticks.add(k * step);
        }
        return ticks;
    }

    /** A tick with as many decimals as its neighbours need. */
    String print(double tick) {
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step(to - from)) - 1e-9));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", tick);
        return (text.matches("-0(\\.0+)?") ? text.substring(1) : text).replace('-', '−');
    }

    /** 1, 2 or 5 times a power of ten, so that between four and eight ticks fit. */
    private static double step(double span) {
        double power = Math.pow(10, Math.floor(Math.log10(span)));
        double share = span / power;
        if (share < 1.4) {
            return power / 5;
        }
        if (share < 3.5) {
            return power / 2;
        }
        return share < 6 ? power : power * 2;
    }
}
