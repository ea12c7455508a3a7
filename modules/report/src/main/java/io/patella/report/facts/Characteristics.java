package io.patella.report.facts;

import java.util.List;

/**
 * Table 1 of a cohort: what its parts are made of.
 *
 * @param cohort the cohort
 * @param columns names of the counted groups, e.g. train, validation, test, all
 * @param blocks one block per characteristic
 */
public record Characteristics(String cohort, List<String> columns, List<Block> blocks) {
    public Characteristics {
        columns = List.copyOf(columns);
        blocks = List.copyOf(blocks);
        for (Block block : blocks) {
            for (Row row : block.rows()) {
                if (row.counts().size() != columns.size()) {
                    throw new IllegalArgumentException(block.name() + ", " + row.label() + ": "
                            + row.counts().size() + " counts for " + columns.size() + " columns");
                }
            }
        }
    }

    /**
     * A characteristic and its values.
     *
     * @param name e.g. "KL grade"
     * @param shares whether the rows divide the column, so that each count is also shown as a share of the block
     * @param rows its values
     */
    public record Block(String name, Shares shares, List<Row> rows) {
        public Block {
            rows = List.copyOf(rows);
        }
    }

    /** Whether rows add up to a whole. */
    public enum Shares {
        SHOWN,
        NONE
    }

    /** One value of a characteristic, counted in every column. */
    public record Row(String label, List<Long> counts) {
        public Row {
            counts = List.copyOf(counts);
        }
    }
}
