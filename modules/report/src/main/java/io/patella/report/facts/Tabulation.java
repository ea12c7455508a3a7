package io.patella.report.facts;

import java.util.List;

/**
 * A table of its own shape under a heading of its own: a study (TTA, ablation, label efficiency, table 5), an audit,
 * prevalence corrected for misgrading, conformal grade sets.
 *
 * @param topic heading under which it stands; tables of one topic are put together
 * @param title its caption
 * @param explanation one or two sentences: what it shows, how it was made
 * @param columns names of the columns
 * @param rows one value per column
 * @param notes remarks
 */
public record Tabulation(
        String topic,
        String title,
        String explanation,
        List<String> columns,
        List<List<Value>> rows,
        List<String> notes) {
    public Tabulation {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        notes = List.copyOf(notes);
        for (List<Value> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        title + ": " + row.size() + " values for " + columns.size() + " columns");
            }
        }
    }
}
