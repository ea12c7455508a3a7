package io.patella.cohort.consensus;

import java.util.Locale;

/** Why a radiograph has a reference grade, or has none. */
public enum Reason {
    /** The readings that the protocol asks for are there and equal: kept. */
    AGREED,
    /** They are there and not equal, or one reader gave several grades. */
    DISAGREED,
    /** One reading only, the grade itself under {@code single}; under {@code unanimous} one reader only, too few. */
    SINGLE_READING,
    /** More than one reading where {@code single} wants one. */
    SEVERAL_READINGS,
    /** No reading in one of the two stages. */
    STAGE_MISSING,
    /** One reader read in both stages, so the second was not blind to the first. */
    SAME_READER_IN_BOTH_STAGES,
    /** More than one reading in a stage, by one reader or by two. */
    READ_TWICE_IN_A_STAGE;

    /** The word that stands in tables, files and JSON: agreed, disagreed, single_reading ... */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
