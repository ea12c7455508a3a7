package io.patella.jobs.cli;

import io.patella.cohort.Part;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.PartRow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a cohort in the tables. */
final class PartOptions {
    @Option(
            names = "--part",
            paramLabel = "PART",
            defaultValue = "test",
            description = "Of the tables: train, validation, test, or all for the whole cohort (default:"
                    + " ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli injects
    private String part;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = PartRow.DEFAULT_SPLIT,
            description = "Split that the part belongs to (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli injects
    private String split;

    /** The part; null for the whole cohort. */
    @Nullable
    Part part() {
        return part.equals(EvaluationRow.ALL) ? null : Part.parse(part, "--part");
    }

    /** The split's name. */
    String split() {
        return split;
    }
}
