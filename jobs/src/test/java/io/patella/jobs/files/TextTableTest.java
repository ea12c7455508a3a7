package io.patella.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void wordsStandLeftAndNumbersRight() {
        assertThat(new TextTable("tensor", "bytes")
                        .row("a", 4)
                        .row("long", 1234)
                        .text())
                .isEqualTo("""
                        tensor  bytes
                        -------------
                        a           4
                        long     1234
                        """);
    }

    @Test
    void aRowWithTheWrongNumberOfCellsIsRefused() {
        assertThatThrownBy(() -> new TextTable("a").row(1, 2)).hasMessage("2 cells in a table of 1 columns");
    }
}
