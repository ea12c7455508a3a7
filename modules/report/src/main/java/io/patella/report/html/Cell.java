package io.patella.report.html;

import io.patella.report.facts.Estimate;
import io.patella.report.facts.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cell of a {@link DataTable}: what is shown, and what stands in the CSV in full precision.
 *
 * @param shown what is shown first
 * @param aside smaller, after it: an interval, a share; empty when there is none
 * @param exact the CSV fields
 * @param numeric whether it is set as a number
 */
public record Cell(String shown, String aside, List<String> exact, boolean numeric) {
    public Cell {
        exact = List.copyOf(exact);
    }

    /** Words. */
    public static Cell words(String text) {
        return new Cell(text, "", List.of(text), false);
    }

    /** A count. */
    public static Cell count(long count) {
        return new Cell(Numbers.count(count), "", List.of(Long.toString(count)), true);
    }

    /** A count with its share of a whole. */
    public static Cell share(long count, long whole) {
        return new Cell(
                Numbers.count(count), "(" + Numbers.share(count, whole) + ")", List.of(Long.toString(count)), true);
    }

    /** A figure without interval. */
    public static Cell figure(@Nullable Double figure) {
        return new Cell(Numbers.decimal(figure), "", List.of(Numbers.exact(figure)), true);
    }

    /** A p-value. */
    public static Cell pValue(@Nullable Double p) {
        return new Cell(Numbers.pValue(p), "", List.of(Numbers.exact(p)), true);
    }

    /** A figure with its interval: three fields of CSV. */
    public static Cell estimate(Estimate estimate) {
        return new Cell(
                Numbers.decimal(estimate.value()),
                Numbers.interval(estimate),
                List.of(
                        Numbers.exact(estimate.value()),
                        Numbers.exact(estimate.lower()),
                        Numbers.exact(estimate.upper())),
                true);
    }

    /** Figures that are not shown because the group is too small: three empty fields of CSV. */
    public static Cell withheld(String why) {
        return new Cell(why, "", List.of("", "", ""), true);
    }

    /** A cell of a table of its own shape. */
    public static Cell of(Value value) {
        return value.fold(words -> words(words.text()), count -> count(count.count()), Cell::estimate);
    }
}
