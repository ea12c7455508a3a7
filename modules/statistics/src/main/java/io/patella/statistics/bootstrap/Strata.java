package io.patella.statistics.bootstrap;

import java.util.Locale;

/** Within what patients are drawn. */
public enum Strata {
    /** Over all patients, as the papers do. */
    NONE,
    /** Within the patients of each highest reference grade, so that every resample has the table's mix. */
    HIGHEST_GRADE;

    /** The word in files: none, highest_grade. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
