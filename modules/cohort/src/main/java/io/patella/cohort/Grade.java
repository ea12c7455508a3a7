package io.patella.cohort;

/**
 * The Kellgren-Lawrence scale. A grade is an {@code int} 0..4 everywhere; this class holds what is fixed about it.
 */
public final class Grade {
    /** Number of grades, KL 0 to KL 4. */
    public static final int COUNT = 5;

    /** Number of ordinal thresholds y > k, k = 0..3. */
    public static final int THRESHOLDS = COUNT - 1;

    /** From this grade on a knee has radiographic osteoarthritis (KL >= 2). */
    public static final int OSTEOARTHRITIS = 2;

    private Grade() {}

    /** Whether {@code grade} lies in 0..4. */
    public static boolean isValid(int grade) {
        return grade >= 0 && grade < COUNT;
    }

    /**
     * Returns {@code grade} when it lies in 0..4.
     *
     * @param where what to name in the message: file and line, table and key
     * @throws InputException otherwise
     */
    public static int checked(int grade, String where) {
        if (!isValid(grade)) {
            throw new InputException(where, "grade outside 0..4", grade, "Kellgren-Lawrence grades are 0, 1, 2, 3, 4");
        }
        return grade;
    }
}
