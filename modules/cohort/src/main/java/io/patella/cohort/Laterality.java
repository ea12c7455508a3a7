package io.patella.cohort;

/** Which knee of the patient a radiograph shows. */
public enum Laterality {
    LEFT("L"),
    RIGHT("R"),
    /** Both knees on one picture. */
    BOTH("B"),
    UNKNOWN("U");

    private final String code;

    Laterality(String code) {
        this.code = code;
    }

    /** The one letter that stands in tables and file names: L, R, B, U. */
    public String code() {
        return code;
    }

    /**
     * Reads L, R, B, U or the words left, right, both, unknown in any case.
     *
     * @throws InputException for anything else
     */
    public static Laterality parse(String text, String where) {
        for (Laterality each : values()) {
            if (each.code.equalsIgnoreCase(text) || each.name().equalsIgnoreCase(text)) {
                return each;
            }
        }
        throw new InputException(where, "not a laterality", text, "use L, R, B (both) or U (unknown)");
    }
}
