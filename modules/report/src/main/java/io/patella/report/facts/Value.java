package io.patella.report.facts;

import java.util.function.Function;

/** A cell of a {@link Tabulation}: words, a count, or a figure with or without an interval. */
public sealed interface Value permits Estimate, Value.Words, Value.Count {
    /** Words, shown as they are. */
    record Words(String text) implements Value {}

    /** A count, shown with thousands apart. */
    record Count(long count) implements Value {}

    /** Words, shown as they are. */
    static Value words(String text) {
        return new Words(text);
    }

    /** A count. */
    static Value count(long count) {
        return new Count(count);
    }

    /** One answer per kind of value. */
    default <T> T fold(Function<Words, T> words, Function<Count, T> count, Function<Estimate, T> estimate) {
        if (this instanceof Words w) {
            return words.apply(w);
        }
        return this instanceof Count c ? count.apply(c) : estimate.apply((Estimate) this);
    }
}
