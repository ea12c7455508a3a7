package io.patella.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class AxisLaws {
    @Property
    void axisHoldsItsValuesAndPrintsDistinctTicks(
            @ForAll @DoubleRange(min = -1e4, max = 1e4) double a,
            @ForAll @DoubleRange(min = -1e4, max = 1e4) double b) {
        Axis axis = Axis.around("x", Math.min(a, b), Math.max(a, b));
        double room = 1e-9 * (axis.to() - axis.from());
        assertThat(axis.from()).isLessThanOrEqualTo(Math.min(a, b) + room);
        assertThat(axis.to()).isGreaterThanOrEqualTo(Math.max(a, b) - room);
        List<String> printed = axis.ticks().stream().map(axis::print).toList();
        assertThat(printed).hasSizeBetween(2, 8).doesNotHaveDuplicates();
    }
}
