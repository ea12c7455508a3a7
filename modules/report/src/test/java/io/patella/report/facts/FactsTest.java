package io.patella.report.facts;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FactsTest {
    @Test
    void figuresThatAreNoNumbersAreRefused() {
        assertThatThrownBy(() -> Estimate.of(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("null for undefined");
        assertThatThrownBy(() -> new Curve.Point(0, Double.POSITIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("finite");
    }

    @Test
    void rowsOfAnotherLengthThanTheirTableAreRefused() {
        assertThatThrownBy(() -> new Tabulation(
                        "Studies", "TTA", "", List.of("Views", "QWK"), List.of(List.of(Value.count(8))), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TTA: 1 values for 2 columns");
        assertThatThrownBy(() -> new Characteristics(
                        "north",
                        List.of("train", "test"),
                        List.of(new Characteristics.Block(
                                "Sex",
                                Characteristics.Shares.SHOWN,
                                List.of(new Characteristics.Row("female", List.of(1L)))))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Sex, female: 1 counts for 2 columns");
    }
}
