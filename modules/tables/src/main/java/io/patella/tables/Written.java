package io.patella.tables;

import java.util.OptionalLong;

/**
 * What a write did.
 *
 * @param table the table's name
 * @param snapshot the snapshot it made; empty when there was nothing to write
 * @param rows rows added
 */
public record Written(String table, OptionalLong snapshot, long rows) {
    static Written nothing(String table) {
        return new Written(table, OptionalLong.empty(), 0);
    }
}
