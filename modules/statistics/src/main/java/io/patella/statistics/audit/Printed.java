package io.patella.statistics.audit;

import java.util.Locale;

/** A printed figure stands for every number that rounds to it: a closed interval of half a unit of the last digit. */
record Printed(double lower, double upper) {
    /** Room for the binary representation of decimal bounds. */
    private static final double DUST = 1e-9;

    static Printed of(double value, int decimals) {
        double half = 0.5 * Math.pow(10, -decimals);
        return new Printed(value - half, value + half);
    }

    boolean contains(double value) {
        return value >= lower - DUST && value <= upper + DUST;
    }

    boolean meets(Printed other) {
        return lower <= other.upper + DUST && other.lower <= upper + DUST;
    }

    Printed times(double factor) {
        return new Printed(lower * factor, upper * factor);
    }

    /** The smallest whole number inside; larger than {@link #last} when there is none. */
    int first() {
        return (int) Math.ceil(lower - DUST);
    }

    /** The largest whole number inside. */
    int last() {
        return (int) Math.floor(upper + DUST);
    }

    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    @Override
    public String toString() {
        return number(lower).equals(number(upper)) ? number(lower) : number(lower) + " to " + number(upper);
    }
}
