package io.patella.statistics.curves;

import io.patella.statistics.Figure;
import java.io.Serializable;
import java.util.List;

/**
 * A one-vs-rest figure per grade and its two averages.
 *
 * @param perGrade five figures, grade 0 first
 * @param macro mean over the grades where it is defined
 * @param micro of all 5 n pairs (indicator, probability) together
 */
public record Averaged(List<Figure> perGrade, Figure macro, Figure micro) implements Serializable {
    /** Averages the defined ones of {@code perGrade}. */
    public static Averaged of(List<Figure> perGrade, Figure micro) {
        double[] defined = perGrade.stream()
                .filter(Figure::isDefined)
                .mapToDouble(figure -> figure.orElse(0))
                .toArray();
        double sum = 0;
        for (double value : defined) {
            sum += value;
        }
        Figure macro = defined.length == 0 ? Figure.undefined("defined for no grade") : Figure.of(sum / defined.length);
        return new Averaged(List.copyOf(perGrade), macro, micro);
    }

    /** Undefined throughout, for one reason. */
    public static Averaged undefined(String reason) {
        Figure none = Figure.undefined(reason);
        return new Averaged(List.of(none, none, none, none, none), none, none);
    }
}
