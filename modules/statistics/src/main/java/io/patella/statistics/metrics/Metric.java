package io.patella.statistics.metrics;

import io.patella.cohort.Grade;

/** The four metrics that carry intervals (paper, section 2.8). Each follows from the 25 counts of the confusion matrix. */
public enum Metric {
    /** Quadratically weighted kappa; undefined when the expected disagreement is 0. */
    QWK("qwk", "QWK") {
        @Override
        public double ofCounts(int[] cells) {
            return Confusion.kappa(cells, Weighting.QUADRATIC);
        }
    },
    /** Share of images graded as the reference. */
    ACCURACY("accuracy", "accuracy") {
        @Override
        public double ofCounts(int[] cells) {
            long right = 0;
            for (int k = 0; k < Grade.COUNT; k++) {
                right += cells[k * Grade.COUNT + k];
            }
            return (double) right / Confusion.total(cells);
        }
    },
    /** Mean F1 over all five grades; a grade without a reference or predicted image counts 0. */
    MACRO_F1("macro_f1", "macro-F1") {
        @Override
        public double ofCounts(int[] cells) {
            double sum = 0;
            for (int k = 0; k < Grade.COUNT; k++) {
                sum += Confusion.f1(cells, k);
            }
            return sum / Grade.COUNT;
        }
    },
    /** Mean absolute error in grades; the only one of the four where less is better. */
    MAE("mae", "MAE") {
        @Override
        public double ofCounts(int[] cells) {
            long distance = 0;
            for (int i = 0; i < Grade.COUNT; i++) {
                for (int j = 0; j < Grade.COUNT; j++) {
                    distance += (long) Math.abs(i - j) * cells[i * Grade.COUNT + j];
                }
            }
            return (double) distance / Confusion.total(cells);
        }
    };

    private final String word;
    private final String title;

    Metric(String word, String title) {
        this.word = word;
        this.title = title;
    }

    /** All metrics of 25 counts, in the order of {@link #values}; NaN where undefined. */
    public static double[] allOfCounts(int[] cells) {
        Metric[] metrics = values();
        double[] figures = new double[metrics.length];
        for (int m = 0; m < metrics.length; m++) {
            figures[m] = metrics[m].ofCounts(cells);
        }
        return figures;
    }

    /** The word in tables and JSON: qwk, accuracy, macro_f1, mae. */
    public String word() {
        return word;
    }

    /** The name in reports. */
    public String title() {
        return title;
    }

    /** Whether a larger value is the better one. */
    public boolean isLargerBetter() {
        return this != MAE;
    }

    /**
     * The metric of 25 counts, row = reference, column = predicted, row-major; NaN where undefined. This is the inner loop of
     * the bootstrap; everybody else asks {@link Confusion#figure}.
     */
    public abstract double ofCounts(int[] cells);
}
