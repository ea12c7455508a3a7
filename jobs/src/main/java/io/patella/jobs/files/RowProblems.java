package io.patella.jobs.files;

import io.patella.cohort.InputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with single rows of a {@link FileTable} and refuses the file once, with the first ten and how many
 * there are in all. Each line reads {@code F.csv:17, column grade: grade outside 0..4: 5 (how to mend it)}.
 */
public final class RowProblems {
    private static final int SHOWN = 10;

    private final FileTable table;
    private final List<String> shown = new ArrayList<>();
    private long count;

    RowProblems(FileTable table) {
        this.table = table;
    }

    /**
     * Notes one problem.
     *
     * @param row the row, from 0
     * @param column the column at fault; several may be named in one text
     */
    public void add(int row, String column, String what, Object value, String mend) {
        if (shown.size() < SHOWN) {
            shown.add(new InputException(table.where(row, column), what, value, mend).getMessage());
        }
        count++;
    }

    /**
     * Refuses the file if anything was noted.
     *
     * @throws InputException with the first ten problems, one a line, and their number
     */
    public void refuseIfAny() {
        if (count > 0) {
            throw new InputException(message());
        }
    }

    /**
     * Refuses this file, {@code other} or both in one message.
     *
     * @throws InputException with the first ten problems of each, one a line, and their numbers
     */
    void refuseIfAnyHereOrIn(RowProblems other) {
        if (count > 0 && other.count > 0) {
            throw new InputException(message() + "\n" + other.message());
        }
        refuseIfAny();
        other.refuseIfAny();
    }

    private String message() {
        String more = count > SHOWN ? "\n... and " + (count - SHOWN) + " more (" + count + " in all)" : "";
        return String.join("\n", shown) + more;
    }
}
