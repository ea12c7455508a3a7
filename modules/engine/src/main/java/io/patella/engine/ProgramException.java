package io.patella.engine;

/** A program could not be opened or a call failed: names the archive, the method and the engine's own reason in one line. */
public class ProgramException extends RuntimeException {
    ProgramException(String message) {
        super(message);
    }

    ProgramException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The device had no memory left for the call; the program stays usable and a smaller batch may succeed. */
    public static final class OutOfMemory extends ProgramException {
        OutOfMemory(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
