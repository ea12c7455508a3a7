package io.patella.cohort.split;

import io.patella.cohort.InputException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * How a cohort is divided, as whole weights: 70, 15, 15 or 8, 1, 1.
 *
 * @param train weight of the part train
 * @param validation weight of the part validation
 * @param test weight of the part test
 */
public record Ratios(int train, int validation, int test) implements Serializable {
    /** 70 / 15 / 15 (KL-FuseNet paper, section 2.1). */
    public static final Ratios PAPER = new Ratios(70, 15, 15);

    private static final int LARGEST_SUM = 1_000_000;

    public Ratios {
        if (train < 0 || validation < 0 || test < 0 || (long) train + validation + test > LARGEST_SUM) {
            throw refused(train + "," + validation + "," + test);
        }
        if (train + validation + test == 0) {
            throw refused("0,0,0");
        }
    }

    /**
     * Reads three weights with commas, whole or decimal: {@code 70,15,15} or {@code 0.7,0.15,0.15}.
     *
     * @throws InputException for anything else
     */
    public static Ratios parse(String text) {
        String[] words = text.split(",", -1);
        if (words.length != 3) {
            throw refused(text);
        }
        List<BigDecimal> weights = new ArrayList<>();
        int decimals = 0;
        for (String word : words) {
            try {
                BigDecimal weight = new BigDecimal(word.strip());
                weights.add(weight);
                decimals = Math.max(decimals, weight.stripTrailingZeros().scale());
            } catch (NumberFormatException e) {
                throw refused(text);
            }
        }
        try {
            int scale = decimals;
            int[] whole = weights.stream()
                    .mapToInt(each -> each.movePointRight(scale).intValueExact())
                    .toArray();
            return new Ratios(whole[0], whole[1], whole[2]);
        } catch (ArithmeticException e) {
            throw refused(text);
        }
    }

    private static InputException refused(String value) {
        return new InputException(
                "ratios", "not three weights for train, validation, test", value, "write 70,15,15 or 0.8,0.1,0.1");
    }

    int sum() {
        return train + validation + test;
    }

    int weight(int part) {
        return part == 0 ? train : part == 1 ? validation : test;
    }

    /** The three weights with commas. */
    @Override
    public String toString() {
        return train + "," + validation + "," + test;
    }
}
