package io.patella.cohort;

import java.util.Locale;

/** A part of a cohort. Training sees {@link #TRAIN}, every choice is made on {@link #VALIDATION}, {@link #TEST} is for evaluation alone. */
public enum Part {
    TRAIN,
    VALIDATION,
    TEST;

    /** The word that stands in tables, files and conf: train, validation, test. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads train, validation or test; {@code val} is validation.
     *
     * @throws InputException for anything else
     */
    public static Part parse(String text, String where) {
        if (text.equals("val")) {
            return VALIDATION;
        }
        for (Part each : values()) {
            if (each.word().equals(text)) {
                return each;
            }
        }
        throw new InputException(where, "not a part", text, "use train, validation or test");
    }
}
