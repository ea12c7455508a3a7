package io.patella.cohort;

import org.jspecify.annotations.Nullable;

/**
 * Something the user gave cannot be used. The message has four parts: where, what, the value, how to mend it:
 *
 * <pre>{@code parts.csv:17: patient is in train and in test: 9001400 (a patient belongs to one part; drop one row)}</pre>
 *
 * Commands print the message without a stack trace and end with exit code 2.
 */
public final class InputException extends RuntimeException {
    /**
     * @param where the file, line, column, table or key at fault
     * @param what what is wrong with it
     * @param value the offending value, printed as it is
     * @param mend what the user can do about it
     */
    public InputException(String where, String what, @Nullable Object value, String mend) {
        super(where + ": " + what + ": " + value + " (" + mend + ")");
    }

    /** For findings that already carry the four parts, several at once, one a line. */
    public InputException(String message) {
        super(message);
    }
}
