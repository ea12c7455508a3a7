package io.patella.statistics.audit;

import java.util.Locale;

/** What a check says of the printed figures it looked at. */
public enum Verdict {
    /** They can all be true at once. */
    CONSISTENT,
    /** They cannot, however the figures were rounded. */
    CONTRADICTS,
    /** Too little is printed, or only unlikely. */
    CANNOT_BE_TOLD;

    /** consistent, contradicts, cannot be told. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
