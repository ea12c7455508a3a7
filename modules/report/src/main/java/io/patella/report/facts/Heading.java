package io.patella.report.facts;

import java.util.List;

/**
 * What the page is about.
 *
 * @param title the report's title
 * @param cohorts names of the cohorts, in the order of the page
 * @param models names of the models, in the order of the page
 * @param date the day of the newest run that the page draws from, as it should be printed
 * @param origin whether the radiographs show patients or phantoms
 */
public record Heading(String title, List<String> cohorts, List<String> models, String date, Origin origin) {
    public Heading {
        cohorts = List.copyOf(cohorts);
        models = List.copyOf(models);
    }

    /** Where the radiographs come from; phantoms are announced on every page. */
    public enum Origin {
        PATIENTS,
        PHANTOMS,
        /** Some cohorts of the page are phantoms. */
        BOTH
    }
}
