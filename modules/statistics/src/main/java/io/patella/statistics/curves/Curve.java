package io.patella.statistics.curves;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A curve as points, ready to draw or to store.
 *
 * @param kind what x and y are
 * @param subject whose curve: a grade {@code 0}..{@code 4} against the rest, {@code macro}, {@code micro},
 *     {@code kl_ge_2}, {@code any} (the most probable grade, in reliability), {@code treat_all}
 * @param points in drawing order
 */
public record Curve(Kind kind, String subject, List<CurvePoint> points) implements Serializable {
    /** What the coordinates of a curve mean. */
    public enum Kind {
        /** x = false positive rate, y = true positive rate. */
        ROC("roc", "1 - specificity", "sensitivity"),
        /** x = recall, y = precision. */
        PRECISION_RECALL("precision_recall", "recall", "precision"),
        /** x = mean confidence of the bin, y = share that is right; threshold = lower edge of the bin. */
        RELIABILITY("reliability", "mean predicted probability", "observed share"),
        /** x = threshold probability, y = net benefit. */
        DECISION("decision", "threshold probability", "net benefit");

        private final String word;
        private final String x;
        private final String y;

        Kind(String word, String x, String y) {
            this.word = word;
            this.x = x;
            this.y = y;
        }

        /** The word in tables and files. */
        public String word() {
            return word;
        }

        /** Title of the abscissa. */
        public String xTitle() {
            return x;
        }

        /** Title of the ordinate. */
        public String yTitle() {
            return y;
        }
    }

    public Curve {
        points = List.copyOf(points);
    }

    /** The name in tables and files, such as {@code roc:kl_ge_2}. */
    public String name() {
        return kind.word() + ":" + subject;
    }

    /**
     * At most {@code most} of the points, evenly spaced in the list, first and last kept; for storing and drawing curves of
     * large tables.
     */
    public Curve thinned(int most) {
        if (most < 2) {
            throw new IllegalArgumentException("a curve keeps at least its two ends: " + most);
        }
        if (points.size() <= most) {
            return this;
        }
        List<CurvePoint> kept = new ArrayList<>();
        for (long i = 0; i < most; i++) {
            kept.add(points.get((int) (i * (points.size() - 1) / (most - 1))));
        }
        return new Curve(kind, subject, kept);
    }
}
