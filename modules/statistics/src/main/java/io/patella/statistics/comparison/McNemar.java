package io.patella.statistics.comparison;

import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * McNemar's exact test of two graders' accuracy on the same images.
 *
 * @param onlyFirstRight images that only the first graded as the reference
 * @param onlySecondRight images that only the second graded as the reference
 * @param p two-sided, from the binomial distribution with 1/2; 1 without discordant images
 */
public record McNemar(int onlyFirstRight, int onlySecondRight, double p) {
    /** Compares graders {@code first} and {@code second} on {@code reference}, all of one length. */
    public static McNemar of(int[] reference, int[] first, int[] second) {
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int i = 0; i < reference.length; i++) {
            boolean firstRight = first[i] == reference[i];
            boolean secondRight = second[i] == reference[i];
            onlyFirst += firstRight && !secondRight ? 1 : 0;
            onlySecond += secondRight && !firstRight ? 1 : 0;
        }
        return of(onlyFirst, onlySecond);
    }

    /** From the two discordant counts. */
    public static McNemar of(int onlyFirstRight, int onlySecondRight) {
        int discordant = onlyFirstRight + onlySecondRight;
        if (onlyFirstRight == onlySecondRight) {
            return new McNemar(onlyFirstRight, onlySecondRight, 1);
        }
        double tail = new BinomialDistribution(null, discordant, 0.5)
                .cumulativeProbability(Math.min(onlyFirstRight, onlySecondRight));
        return new McNemar(onlyFirstRight, onlySecondRight, Math.min(1, 2 * tail));
    }
}
