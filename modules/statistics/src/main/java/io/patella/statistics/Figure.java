package io.patella.statistics;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A figure that may be undefined, and then says why. Exactly one of the two components is there; the value is finite. So
 * neither NaN nor an unexplained gap reaches a table, a JSON file or a page.
 *
 * @param value the figure, finite; null when undefined
 * @param reason why it is undefined, in words for the reader of a report; null when defined
 */
public record Figure(@Nullable Double value, @Nullable String reason) implements Serializable {
    public Figure {
        if ((value == null) == (reason == null)) {
            throw new IllegalArgumentException("a figure has either a value or a reason: " + value + ", " + reason);
        }
        if (value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException("a figure is finite or undefined: " + value);
        }
    }

    /** A defined figure. */
    public static Figure of(double value) {
        return new Figure(value, null);
    }

    /** An undefined figure with its reason. */
    public static Figure undefined(String reason) {
        return new Figure(null, reason);
    }

    /** {@code value} where it is a finite number, else undefined for {@code reason}. */
    public static Figure finiteOr(double value, String reason) {
        return Double.isFinite(value) ? of(value) : undefined(reason);
    }

    public boolean isDefined() {
        return value != null;
    }

    /** The value, or {@code other} when undefined. */
    public double orElse(double other) {
        return value == null ? other : value;
    }
}
