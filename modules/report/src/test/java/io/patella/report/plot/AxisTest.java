package io.patella.report.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void sharesHaveSixTicks() {
        Axis axis = Axis.share("recall");
        assertThat(axis.ticks().stream().map(axis::print)).containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    }

    @Test
    void boundsAreRoundAndHoldTheValues() {
        Axis axis = Axis.around("difference", -0.043, 0.021);
        assertThat(axis.from()).isEqualTo(-0.06);
        assertThat(axis.to()).isEqualTo(0.04, Offset.offset(1e-12));
        assertThat(axis.ticks().stream().map(axis::print))
                .containsExactly("−0.06", "−0.04", "−0.02", "0.00", "0.02", "0.04");
    }

    @Test
    void oneValueAloneGetsRoom() {
        Axis axis = Axis.around("QWK", 0.8, 0.8);
        assertThat(axis.from()).isLessThanOrEqualTo(0.8);
        assertThat(axis.to()).isGreaterThan(0.8);
    }

    @Test
    void valuesBeyondTheEndsAreDrawnOnThem() {
        assertThat(Axis.share("x").at(-3)).isZero();
        assertThat(Axis.share("x").at(7)).isEqualTo(1);
    }

    @Test
    void emptyRangeIsRefused() {
        assertThatThrownBy(() -> new Axis("epoch", 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("epoch: an axis from 1.0 to 1.0");
    }
}
