package io.patella.engine;

import io.patella.cohort.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a program runs: {@code cpu} or the graphics card {@code cuda:N}.
 *
 * @param card number of the card, -1 for the processor
 */
public record Device(int card) {
    /** The processor. */
    public static final Device CPU = new Device(-1);

    private static final Pattern CUDA = Pattern.compile("cuda:(\\d{1,3})");

    public Device {
        if (card < -1) {
            throw new IllegalArgumentException("card " + card);
        }
    }

    /**
     * Reads {@code cpu} or {@code cuda:N}; {@code cuda} alone is {@code cuda:0}.
     *
     * @throws InputException for anything else
     */
    public static Device parse(String text, String where) {
        if (text.equals("cpu")) {
            return CPU;
        }
        if (text.equals("cuda")) {
            return new Device(0);
        }
        Matcher cuda = CUDA.matcher(text);
        if (!cuda.matches()) {
            throw new InputException(where, "not a device", text, "use cpu, or cuda:0, cuda:1, ...");
        }
        return new Device(Integer.parseInt(cuda.group(1)));
    }

    /** Whether this is a graphics card. */
    public boolean isCuda() {
        return card >= 0;
    }

    /** {@code cpu} or {@code cuda:N}. */
    public String word() {
        return isCuda() ? "cuda:" + card : "cpu";
    }

    @Override
    public String toString() {
        return word();
    }
}
