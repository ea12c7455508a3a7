package io.patella.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.report.facts.Estimate;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void figuresHaveThreeDecimalsWhateverTheirSize() {
        assertThat(Numbers.decimal(0.8806)).isEqualTo("0.881");
        assertThat(Numbers.decimal(1.0)).isEqualTo("1.000");
        assertThat(Numbers.decimal(12.5)).isEqualTo("12.500");
    }

    @Test
    void negativeFiguresCarryAMinusSignAndZeroCarriesNone() {
        assertThat(Numbers.decimal(-0.25)).isEqualTo("−0.250");
        assertThat(Numbers.decimal(-0.0001)).isEqualTo("0.000");
    }

    @Test
    void intervalsStandInBrackets() {
        assertThat(Numbers.estimate(new Estimate(0.881, 0.866, 0.894))).isEqualTo("0.881 [0.866, 0.894]");
        assertThat(Numbers.estimate(new Estimate(-0.01, -0.02, 0.0))).isEqualTo("−0.010 [−0.020, 0.000]");
        assertThat(Numbers.estimate(Estimate.of(0.5))).isEqualTo("0.500");
    }

    @Test
    void undefinedIsADash() {
        assertThat(Numbers.estimate(Estimate.undefined())).isEqualTo("–");
        assertThat(Numbers.share(0, 0)).isEqualTo("–");
        assertThat(Numbers.pValue(null)).isEqualTo("–");
    }

    @Test
    void countsHaveThousandsApart() {
        assertThat(Numbers.count(8260)).isEqualTo("8,260");
        assertThat(Numbers.share(3253, 8260)).isEqualTo("39.4\u202f%");
    }

    @Test
    void smallPValuesAreNotPrintedAsZero() {
        assertThat(Numbers.pValue(0.00004)).isEqualTo("< 0.001");
        assertThat(Numbers.pValue(0.0316)).isEqualTo("0.032");
    }
}
